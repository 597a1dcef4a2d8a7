import type { Random } from "lib/base/numbers/random.ts";
import type { Clock } from "lib/base/system/clock.ts";
import { DIFFERS, type MediaVerdict } from "lib/media/hls/media_check.ts";
import { type FetchedPiece, fetchPiece, type MediaPiece } from "lib/media/hls/media_piece.ts";
import type { MediaSegment } from "lib/media/hls/media_playlist.ts";
import type { SegmentCache } from "lib/media/hls/segment_cache.ts";
import type { HttpClient } from "lib/media/net/http_client.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { DEFAULT_RETRY, retryDelayMs } from "lib/media/net/retry.ts";

/** What a reader works with. */
interface SegmentReaderOptions {
  readonly http: HttpClient;
  readonly cache: SegmentCache | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly onWarning: (text: string) => void;
  readonly headers: () => Readonly<Record<string, string>>;
  /** Address of the playlist; the same segment keeps its place beside it when hosts and signatures change. */
  readonly playlistUrl: () => string;
  /** What the segments belong to, for messages, such as `of VOD 123`. */
  readonly what: string;
  /** Asks for a new permission and gives the segment's present address; nothing where it is gone. */
  readonly renew: (
    segment: MediaSegment,
    signal: AbortSignal | undefined,
  ) => Promise<MediaSegment | undefined>;
}

/** Reads segments of one recording. */
interface SegmentReader {
  /** Number of segments that came from the server. */
  readonly fetched: number;
  /** Why a segment that was read is not all there, in words; nothing for one that is. */
  whyCut(segment: MediaSegment): string | undefined;
  /** Whole media is kept; what came damaged is asked for again the next time. */
  readSegment(segment: MediaSegment, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  readHeader(segment: MediaSegment, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** Tries for media that came but is damaged, or is refused; broken connections have their own count. */
const MAX_TRIES = 4;
/** So often must damaged media come the same before it is used, without and with a checksum that says otherwise. */
const ALIKE = 2;
const ALIKE_AGAINST_CHECKSUM = 3;
const GONE_STATUSES = new Set([401, 403, 404, 410]);

/** Makes a reader of segments that checks, keeps, and asks again. */
export function createSegmentReader(options: SegmentReaderOptions): SegmentReader {
  const { http, cache, clock, random } = options;
  const headers = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  let fetched = 0;
  const cut = new Map<number, string>();
  let tagsAreChecksums = true;

  async function readSegment(segment: MediaSegment, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const key = cacheKey(segment, options.playlistUrl());
    const kept = await cache?.get(key);
    if (kept) return kept;
    const { body, verdict } = await fetchChecked(segment, segment, segment.duration, signal);
    fetched++;
    if (verdict.isCut) cut.set(segment.sequence, verdict.reason);
    else cut.delete(segment.sequence);
    // A tag that is no checksum is no damage.
    if (verdict.state === "sound" || verdict.reason === DIFFERS) await cache?.put(key, body);
    return body;
  }

  async function readHeader(segment: MediaSegment, signal?: AbortSignal) {
    if (!segment.map) return undefined;
    const key = cacheKey(segment.map, options.playlistUrl());
    const kept = headers.get(key) ?? readHeaderOnce(segment, key, signal);
    headers.set(key, kept);
    kept.catch(() => headers.delete(key));
    return await kept;
  }

  async function readHeaderOnce(segment: MediaSegment, key: string, signal: AbortSignal | undefined) {
    const kept = await cache?.get(key);
    if (kept) return kept;
    const { body, verdict } = await fetchChecked(segment.map!, segment, undefined, signal);
    if (verdict.state === "sound" || verdict.reason === DIFFERS) await cache?.put(key, body);
    return body;
  }

  async function fetchChecked(
    piece: MediaPiece,
    segment: MediaSegment,
    duration: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<FetchedPiece> {
    const isHeader = piece !== segment;
    const what = `${isHeader ? "the header of " : ""}segment ${segment.sequence} ${options.what}`;
    let wanted: MediaPiece = piece;
    let suspect: Uint8Array<ArrayBuffer> | undefined;
    let alike = 0;
    for (let attempt = 1;; attempt++) {
      let problem: RequestError;
      try {
        const request = { http, what, headers: options.headers(), duration, tagsAreChecksums, signal };
        const fetchedPiece = await fetchPiece(wanted, request);
        const { body, verdict } = fetchedPiece;
        if (verdict.state === "sound") return fetchedPiece;
        if (verdict.state === "suspect") {
          // Again the same means that it was not damaged on its way: the server has nothing better.
          alike = suspect && sameBytes(suspect, body) ? alike + 1 : 1;
          if (alike >= (verdict.differs ? ALIKE_AGAINST_CHECKSUM : ALIKE)) {
            noteSuspect(verdict, what);
            return fetchedPiece;
          }
          suspect = body;
        }
        problem = new RequestError("unexpected-answer", `Cannot use ${what}: ${verdict.reason}`);
      } catch (error) {
        if (!(error instanceof RequestError && error.problem === "missing")) throw error;
        problem = error;
      }
      if (attempt >= MAX_TRIES) throw problem;
      await clock.sleep(retryDelayMs(attempt, DEFAULT_RETRY, random), signal);
      // Signed addresses end after hours, and muting replaces segments by silent ones of another name.
      if (GONE_STATUSES.has(problem.status ?? 200)) {
        const present = await options.renew(segment, signal);
        if (!present) throw problem;
        wanted = isHeader ? present.map ?? piece : present;
      }
    }
  }

  function noteSuspect(verdict: MediaVerdict, what: string): void {
    // Some stores tag files with something that only looks like a checksum; asking thrice for each would be rude.
    if (verdict.reason === DIFFERS) tagsAreChecksums = false;
    options.onWarning(`${what} is damaged on the server: ${verdict.reason}`);
  }

  return {
    get fetched() {
      return fetched;
    },
    whyCut: ({ sequence }) => cut.get(sequence),
    readSegment,
    readHeader,
  };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** Path of a piece beside its playlist, and its range: what stays when hosts, signatures and queries change. */
function cacheKey({ url, byteRange }: MediaPiece, playlistUrl: string): string {
  const folder = new URL(".", playlistUrl).pathname;
  const path = new URL(url).pathname;
  const name = path.startsWith(folder) ? path.slice(folder.length) : path;
  if (!byteRange) return name;
  const dot = name.lastIndexOf(".");
  const stem = dot < 0 ? name : name.slice(0, dot);
  return `${stem}-${byteRange.offset}-${byteRange.length}${dot < 0 ? "" : name.slice(dot)}`;
}
