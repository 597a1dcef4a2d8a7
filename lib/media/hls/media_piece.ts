import { checkMedia, type MediaVerdict } from "lib/media/hls/media_check.ts";
import type { ByteRange } from "lib/media/hls/media_playlist.ts";
import { type HttpClient, requestFound } from "lib/media/net/http_client.ts";

/** A file of media, or a part of one: a segment, or the header that segments need. */
export interface MediaPiece {
  readonly url: string;
  readonly byteRange?: ByteRange | undefined;
}

/** How a piece is fetched. */
interface PieceRequest {
  readonly http: HttpClient;
  /** What is asked for, for messages, such as `segment 7 of VOD 123`. */
  readonly what: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Duration that the playlist states, in seconds. */
  readonly duration?: number | undefined;
  /** Whether the server's tags of whole files are checksums. Default true. */
  readonly tagsAreChecksums?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of a piece, and what a look at them gave. */
export interface FetchedPiece {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly verdict: MediaVerdict;
}

const MAX_BYTES = 128 << 20;

/**
 * Fetches a piece of a VOD or of a live stream and looks whether it is whole; what follows from that is the caller's.
 * @throws {RequestError} as {@link requestFound}.
 */
export async function fetchPiece(
  { url, byteRange }: MediaPiece,
  { http, what, headers, duration, tagsAreChecksums = true, signal }: PieceRequest,
): Promise<FetchedPiece> {
  const range = byteRange && `bytes=${byteRange.offset}-${byteRange.offset + byteRange.length - 1}`;
  const request = {
    url,
    what,
    headers: { ...headers, ...(range && { range }) },
    signal,
    maxBytes: MAX_BYTES,
  };
  const answer = await requestFound(http, request);
  // Servers without ranges send the whole file with status 200.
  const body = byteRange && answer.status === 200
    ? answer.body.slice(byteRange.offset, byteRange.offset + byteRange.length)
    : answer.body;
  const etag = range || !tagsAreChecksums ? null : answer.headers.get("etag");
  return { body, verdict: checkMedia(body, { etag, duration }) };
}
