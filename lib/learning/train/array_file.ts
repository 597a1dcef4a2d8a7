/** A header and named float32 arrays, as they lie in one file. */
export interface ArrayFile {
  readonly header: Readonly<Record<string, unknown>>;
  readonly arrays: ReadonlyMap<string, Float32Array>;
}

/** Encodes: the length of a JSON header, the header, then the arrays one after the other, little-endian. */
export function writeArrays(
  header: Readonly<Record<string, unknown>>,
  arrays: readonly (readonly [string, Float32Array])[],
): Uint8Array<ArrayBuffer> {
  const full = { ...header, arrays: arrays.map(([name, data]) => [name, data.length]) };
  const json = new TextEncoder().encode(JSON.stringify(full));
  // Arrays begin at a multiple of four bytes.
  const start = 4 + Math.ceil(json.length / 4) * 4;
  const bytes = new Uint8Array(start + 4 * arrays.reduce((sum, [, data]) => sum + data.length, 0));
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  const floats = new Float32Array(bytes.buffer, start);
  let at = 0;
  for (const [, data] of arrays) {
    floats.set(data, at);
    at += data.length;
  }
  return bytes;
}

/**
 * Decodes what `writeArrays()` wrote.
 *
 * @throws {SyntaxError} If the bytes are anything else, or cut off.
 */
export function readArrays(bytes: Uint8Array<ArrayBuffer>): ArrayFile {
  const damaged = (cause?: unknown): SyntaxError =>
    new SyntaxError("Not a file of arrays, or damaged", { cause });
  if (bytes.length < 4) throw damaged();
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (4 + length > bytes.length) throw damaged();
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(4, 4 + length)));
  } catch (cause) {
    throw damaged(cause);
  }
  if (
    typeof header !== "object" || header === null || !("arrays" in header) || !Array.isArray(header.arrays)
  ) {
    throw damaged();
  }
  const arrays = new Map<string, Float32Array>();
  let at = 4 + Math.ceil(length / 4) * 4;
  for (const entry of header.arrays as unknown[]) {
    const [name, size] = Array.isArray(entry) ? entry as unknown[] : [];
    if (typeof name !== "string" || typeof size !== "number" || at + 4 * size > bytes.length) throw damaged();
    arrays.set(name, new Float32Array(bytes.slice(at, at + 4 * size).buffer));
    at += 4 * size;
  }
  if (at !== bytes.length) throw damaged();
  return { header: header as Record<string, unknown>, arrays };
}
