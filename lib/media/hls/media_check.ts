import { createHash } from "node:crypto";
import { inspectAdts } from "lib/media/hls/adts.ts";
import { ENDS_INSIDE, inspectTransportStream, isTransportStream } from "lib/media/hls/transport_stream.ts";

/** What a look at fetched media gave. */
export interface MediaVerdict {
  readonly kind: "ts" | "mp4" | "aac" | "unknown";
  /**
   * `suspect` media may be damaged on its way or be made so; a second fetch tells. `unusable` is no media at all.
   */
  readonly state: "sound" | "suspect" | "unusable";
  /** Why it is not sound, in words. */
  readonly reason: string;
  /** Whether its end is missing: not all of it came, or the server has not all of it. */
  readonly isCut?: boolean;
  /** Whether it differs from the checksum that the server stated. */
  readonly differs: boolean;
}

/** What is known about media before it is looked at. */
interface MediaExpectation {
  /** Duration that the playlist states, in seconds. */
  readonly duration?: number | undefined;
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
  if (bytes.length === 0) return { kind: "unknown", state: "unusable", reason: "it is empty", isCut: true };
  if (isTransportStream(bytes)) {
    const { damages, hasSound, soundSpan, span } = inspectTransportStream(bytes);
    // Where the picture goes on, the broadcaster was without sound.
    const cut = damages.includes(ENDS_INSIDE) || endsEarly(span, duration) ? { isCut: true } : {};
    if (damages.length > 0) return { kind: "ts", state: "suspect", reason: damages.join(", "), ...cut };
    if (hasSound && endsEarly(soundSpan, duration)) {
      return { kind: "ts", state: "suspect", reason: tooShort(soundSpan, duration), ...cut };
    }
    return { kind: "ts", state: "sound", reason: "" };
  }
  const text = String.fromCharCode(...bytes.subarray(4, 8));
  if (/^(?:ftyp|styp|moof|sidx|emsg|prft|moov)$/.test(text)) return checkBoxes(bytes);
  // Audio-only renditions of some servers.
  const frames = inspectAdts(bytes);
  if (frames) {
    const { seconds, endsWhole } = frames;
    if (endsWhole && !endsEarly(seconds, duration)) return { kind: "aac", state: "sound", reason: "" };
    const reason = endsWhole ? tooShort(seconds, duration) : "it ends inside a frame";
    return { kind: "aac", state: "suspect", reason, isCut: true };
  }
  // Most often the page of a proxy or portal that answers 200 to everything.
  return { kind: "unknown", state: "unusable", reason: "it is no media that we know" };
}

function endsEarly(seconds: number | undefined, duration: number | undefined): boolean {
  return duration !== undefined && (seconds ?? 0) < duration - DURATION_TOLERANCE;
}

function tooShort(seconds: number | undefined, duration: number | undefined): string {
  return `it holds ${(seconds ?? 0).toFixed(1)} s of sound, not ${duration?.toFixed(1)} s`;
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
  if (at !== bytes.length) {
    return { kind: "mp4", state: "suspect", reason: "it ends inside a box", isCut: true };
  }
  if (seen.has("moof") && !seen.has("mdat")) {
    return { kind: "mp4", state: "suspect", reason: "it announces media and has none", isCut: true };
  }
  return { kind: "mp4", state: "sound", reason: "" };
}

/** The stores behind such servers use the MD5 of the content as tag; other forms of tags say nothing. */
function matchesEtag(bytes: Uint8Array, etag: string | null | undefined): boolean {
  const md5 = /^"([0-9a-f]{32})"$/.exec(etag?.trim() ?? "")?.[1];
  return md5 === undefined || createHash("md5").update(bytes).digest("hex") === md5;
}
