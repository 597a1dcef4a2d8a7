import { concatenateBytes } from "lib/base/numbers/concatenate.ts";
import type { SoundEvent } from "lib/base/events/sound_event.ts";

/** A chapter of an ID3v2 tag; its label is its title. */
export interface Id3Chapter extends SoundEvent {
  /** Title, picture and link as frames of the tag's version; absent from new ones. */
  readonly frames?: Uint8Array;
}

interface Tag {
  /** 3 or 4. */
  readonly version: number;
  readonly frames: readonly {
    readonly id: string;
    readonly whole: Uint8Array;
    readonly content: Uint8Array;
  }[];
}

/** Chapters that the tag at the beginning of an MP3 file names (ID3v2 Chapter Frame Addendum 1.0). */
export function readId3Chapters(head: Uint8Array): Id3Chapter[] {
  const tag = readTag(head);
  return (tag?.frames ?? []).filter(({ id }) => id === "CHAP").map(({ content }) => {
    const at = content.indexOf(0) + 1;
    const view = new DataView(content.buffer, content.byteOffset + at, 8);
    const frames = content.subarray(at + 16);
    const title = readFrames(frames, tag!.version).find(({ id }) => id === "TIT2");
    return {
      onset: view.getUint32(0) / 1000,
      offset: view.getUint32(4) / 1000,
      label: title ? decodeTextFrame(title.content) : "",
      frames,
    };
  });
}

/**
 * The tag with other chapters and, where it tells a length, with that one. Everything else in it stays as it is.
 *
 * @param head What is before the first MP3 frame: a tag, or nothing.
 * @param options.duration In seconds.
 */
export function writeId3Chapters(
  head: Uint8Array,
  { chapters, duration }: { readonly chapters: readonly Id3Chapter[]; readonly duration: number },
): Uint8Array {
  const tag = readTag(head) ?? (head.length === 0 ? { version: 4, frames: [] } : undefined);
  const told = tag?.frames.some(({ id }) => id === "CHAP" || id === "CTOC" || id === "TLEN");
  if (!tag || !told && chapters.length === 0) return head;
  const { version } = tag;
  const milliseconds = (seconds: number) => Math.round(seconds * 1000);
  const kept = tag.frames.filter(({ id }) => !["CHAP", "CTOC", "TLEN"].includes(id)).map(({ whole }) =>
    whole
  );
  const length = tag.frames.some(({ id }) => id === "TLEN")
    ? [frame("TLEN", textBytes(`${milliseconds(duration)}`), version)]
    : [];
  const ids = chapters.map((_, i) => new TextEncoder().encode(`chp${i}\0`));
  const table = chapters.length > 0
    ? [frame("CTOC", concatenateBytes([Uint8Array.from([116, 111, 99, 0, 3, ids.length]), ...ids]), version)]
    : [];
  const chaps = chapters.slice(0, 255).map(({ onset, offset, label, frames }, i) => {
    const times = new Uint8Array(16).fill(0xff);
    new DataView(times.buffer).setUint32(0, milliseconds(onset));
    new DataView(times.buffer).setUint32(4, milliseconds(offset));
    const title = frames ?? frame("TIT2", textBytes(label), version);
    return frame("CHAP", concatenateBytes([ids[i]!, times, title]), version);
  });
  const body = concatenateBytes([...kept, ...length, ...table, ...chaps]);
  return concatenateBytes([Uint8Array.from([73, 68, 51, version, 0, 0, ...syncsafe(body.length)]), body]);
}

/** A tag of version 2.3 or 2.4 whose bytes stand as they are; others are left alone. */
function readTag(head: Uint8Array): Tag | undefined {
  const version = head[3];
  const flags = head[5] ?? 0;
  if (String.fromCharCode(...head.subarray(0, 3)) !== "ID3" || version !== 3 && version !== 4) {
    return undefined;
  }
  if ((flags & 0xc0) !== 0) return undefined;
  const size = head.subarray(6, 10).reduce((sum, byte) => sum << 7 | byte & 0x7f, 0);
  return { version, frames: readFrames(head.subarray(10, 10 + size), version) };
}

function readFrames(bytes: Uint8Array, version: number): Tag["frames"] {
  const frames = [];
  for (let at = 0; at + 10 <= bytes.length && bytes[at] !== 0;) {
    const size = bytes.subarray(at + 4, at + 8).reduce(
      (sum, byte) => sum * (version === 4 ? 128 : 256) + byte,
      0,
    );
    const whole = bytes.subarray(at, at + 10 + size);
    frames.push({ id: String.fromCharCode(...whole.subarray(0, 4)), whole, content: whole.subarray(10) });
    at += 10 + size;
  }
  return frames;
}

function frame(id: string, content: Uint8Array, version: number): Uint8Array {
  const size = version === 4
    ? syncsafe(content.length)
    : [24, 16, 8, 0].map((bits) => content.length >> bits & 255);
  return concatenateBytes([new TextEncoder().encode(id), Uint8Array.from([...size, 0, 0]), content]);
}

function syncsafe(length: number): number[] {
  return [21, 14, 7, 0].map((bits) => length >> bits & 0x7f);
}

/** UTF-16 with its mark, which all versions know. */
function textBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(3 + 2 * text.length);
  bytes.set([1, 0xff, 0xfe]);
  for (let i = 0; i < text.length; i++) {
    new DataView(bytes.buffer).setUint16(3 + 2 * i, text.charCodeAt(i), true);
  }
  return bytes;
}

function decodeTextFrame(content: Uint8Array): string {
  const encoding = ["latin1", "utf-16", "utf-16be", "utf-8"][content[0] ?? 3] ?? "utf-8";
  return new TextDecoder(encoding).decode(content.subarray(1)).replace(/\0+$/, "");
}
