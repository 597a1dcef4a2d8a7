/** How bytes of a text file are to be read, by its first ones. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be";

/**
 * The encoding of a text file: what its byte order mark says, or UTF-16 where many bytes are zero, all of them the first
 * or all the second of two, as spreadsheets and Windows programs write "Unicode text"; else UTF-8.
 *
 * @param head The first bytes of the file; some dozens are enough.
 */
export function textEncodingOf(head: Uint8Array): TextEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const pairs = Math.min(head.length, 64) >> 1;
  const zeros = (odd: number) =>
    Array.from({ length: pairs }, (_, i) => head[2 * i + odd]).filter((byte) => byte === 0).length;
  // Digits, separators and markup have a zero each, letters of other scripts have none, and in UTF-8 nothing has.
  const [high, low] = [zeros(0), zeros(1)];
  if (pairs >= 4 && low > pairs / 4 && high < low / 8) return "utf-16le";
  if (pairs >= 4 && high > pairs / 4 && low < high / 8) return "utf-16be";
  return "utf-8";
}

/**
 * Text of a file in UTF-8 or UTF-16, without its byte order mark. Bytes that are no UTF-8 are read as Windows-1252, in
 * which spreadsheets of western languages save CSV files.
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding = textEncodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: encoding === "utf-8" }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Lines of a text, whatever ends them: LF, CR LF, or CR alone; a byte order mark is left out. */
export function textLines(text: string): string[] {
  return text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
}
