import { createHash } from "node:crypto";
import { inspectTransportStream, isTransportStream } from "lib/twitch/transport_stream.ts";

/** What a look at fetched media gave. */
export interface MediaVerdict {
  readonly kind: "ts" | "mp4" | "aac" | "unknown";
  /**
   * `suspect` media may be damaged on its way or be made so; a second fetch tells. `unusable` is no media at all.
   */
  readonly state: "sound" | "suspect" | "unusable";
  /** Why it is not sound, in words. */
  readonly reason: string;
  /** Whether it differs from the checksum that the server stated. */
  readonly differs: boolean;
}

/** What is known about media before it is looked at. */
export interface MediaExpectation {
  /** Duration that the playlist states, in seconds. */
  readonly duration?: number;
  /** Header `ETag` of the answer. */
  readonly etag?: string | null;
}

/** What is wrong with media that looks whole, but is not what the server's checksum was made of. */
export const DIFFERS = "it differs from the checksum that the server stated";

/** A segment may end up to so much earlier than its playlist says, in seconds: picture and sound are cut apart. */
const DURATION_TOLERANCE = 1;

/** Looks whether fetched media is whole, as far as this can be seen without decoding it. */
export function checkMedia(bytes: Uint8Array, expected: MediaExpectation = {}): MediaVerdict {
  const verdict = checkContainer(bytes, expected.duration);
  if (matchesEtag(bytes, expected.etag)) return { ...verdict, differs: false };
  if (verdict.state !== "sound") return { ...verdict, differs: true };
  return { ...verdict, state: "suspect", reason: DIFFERS, differs: true };
}

function checkContainer(bytes: Uint8Array, duration: number | undefined): Omit<MediaVerdict, "differs"> {
  if (bytes.length === 0) return { kind: "unknown", state: "unusable", reason: "it is empty" };
  if (isTransportStream(bytes)) {
    const { damages, hasSound, soundSpan } = inspectTransportStream(bytes);
    if (damages.length > 0) return { kind: "ts", state: "suspect", reason: damages.join(", ") };
    if (duration !== undefined && hasSound && (soundSpan ?? 0) < duration - DURATION_TOLERANCE) {
      const reason = `it holds ${(soundSpan ?? 0).toFixed(1)} s of sound, not ${duration.toFixed(1)} s`;
      return { kind: "ts", state: "suspect", reason };
    }
    return { kind: "ts", state: "sound", reason: "" };
  }
  const text = String.fromCharCode(...bytes.subarray(4, 8));
  if (/^(?:ftyp|styp|moof|sidx|emsg|prft|moov)$/.test(text)) return checkBoxes(bytes);
  // ADTS, alone or behind an ID3 tag: audio-only renditions of some servers.
  if (
    (bytes[0] === 0xff && (bytes[1]! & 0xf6) === 0xf0) ||
    String.fromCharCode(...bytes.subarray(0, 3)) === "ID3"
  ) {
    return { kind: "aac", state: "sound", reason: "" };
  }
  // Most often the page of a proxy or portal that answers 200 to everything.
  return { kind: "unknown", state: "unusable", reason: "it is no media that we know" };
}

/** Boxes of ISO base media (ISO/IEC 14496-12) must fill the bytes exactly, and movie fragments bring media data. */
function checkBoxes(bytes: Uint8Array): Omit<MediaVerdict, "differs"> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seen = new Set<string>();
  let at = 0;
  while (at + 8 <= bytes.length) {
    let size = view.getUint32(at);
    seen.add(String.fromCharCode(...bytes.subarray(at + 4, at + 8)));
    if (size === 0) size = bytes.length - at; // the last box may reach to the end
    if (size === 1 && at + 16 <= bytes.length) size = Number(view.getBigUint64(at + 8));
    if (size < 8) break;
    at += size;
  }
  if (at !== bytes.length) return { kind: "mp4", state: "suspect", reason: "it ends inside a box" };
  if (seen.has("moof") && !seen.has("mdat")) {
    return { kind: "mp4", state: "suspect", reason: "it announces media and has none" };
  }
  return { kind: "mp4", state: "sound", reason: "" };
}

/** The stores behind such servers use the MD5 of the content as tag; other forms of tags say nothing. */
function matchesEtag(bytes: Uint8Array, etag: string | null | undefined): boolean {
  const md5 = /^"([0-9a-f]{32})"$/.exec(etag?.trim() ?? "")?.[1];
  return md5 === undefined || createHash("md5").update(bytes).digest("hex") === md5;
}
