/** A part of something, in bytes. */
export interface ByteRange {
  readonly start: number;
  /** The first byte that is not part of it. */
  readonly end: number;
}

/**
 * What a `Range` header asks for (RFC 9110, section 14): the whole where it says nothing that is understood here. Several ranges
 * at once may be answered with the whole, and are.
 *
 * @param size Bytes that there are.
 * @returns `unsatisfiable` if the range lies behind the end.
 */
export function parseRange(header: string | null, size: number): ByteRange | "whole" | "unsatisfiable" {
  if (header === null) return "whole";
  const match = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header);
  if (!match || (match[1] === "" && match[2] === "")) return "whole";
  const [first, last] = [match[1] ?? "", match[2] ?? ""];
  if (first === "") {
    const suffix = Number(last);
    if (suffix === 0 || size === 0) return "unsatisfiable";
    return { start: Math.max(0, size - suffix), end: size };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return "whole";
  if (start >= size) return "unsatisfiable";
  return { start, end: last === "" ? size : Math.min(size, Number(last) + 1) };
}

/** Something that can be sent in parts. */
export interface Sendable {
  readonly size: number;
  readonly type: string;
  /** Strong entity tag with its quotes; another one for every other content. */
  readonly etag: string;
  /** HTTP cache rules; `no-cache` (ask each time whether it changed) by default. */
  readonly cacheControl?: string;
  /** Gives the bytes of a part. */
  readonly read: (range: ByteRange) => Promise<BodyInit> | BodyInit;
}

/** Answers a GET or HEAD with all of something, the part that is asked for, or word that the browser has it already. */
export async function sendRange(request: Request, content: Sendable): Promise<Response> {
  const { size, type, etag, cacheControl = "no-cache", read } = content;
  const headers = new Headers({ "accept-ranges": "bytes", "cache-control": cacheControl, etag });
  const known = request.headers.get("if-none-match");
  if (known !== null && knowsTag(known, etag)) return new Response(null, { status: 304, headers });
  const ifRange = request.headers.get("if-range");
  // A range of something else than the browser has the rest of is of no use to it. Dates are never strong enough.
  const asked = request.method === "GET" && (ifRange === null || ifRange.trim() === etag)
    ? parseRange(request.headers.get("range"), size)
    : "whole";
  headers.set("content-type", type);
  if (asked === "unsatisfiable") {
    headers.set("content-range", `bytes */${size}`);
    headers.delete("content-type");
    return new Response(null, { status: 416, headers });
  }
  const range = asked === "whole" ? { start: 0, end: size } : asked;
  headers.set("content-length", String(range.end - range.start));
  if (asked !== "whole") headers.set("content-range", `bytes ${range.start}-${range.end - 1}/${size}`);
  const body = request.method === "HEAD" ? null : await read(range);
  return new Response(body, { status: asked === "whole" ? 200 : 206, headers });
}

/** Bytes in memory as something to send. */
export function sendableBytes(
  bytes: Uint8Array<ArrayBuffer>,
  content: Pick<Sendable, "type" | "etag" | "cacheControl">,
): Sendable {
  return { ...content, size: bytes.length, read: ({ start, end }) => bytes.subarray(start, end) };
}

function knowsTag(header: string, etag: string): boolean {
  return header.trim() === "*" || header.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}
