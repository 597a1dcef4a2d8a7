/** A field of a table: a scalar, or something that is written behind the table and referred to. */
export type FlatField =
  | { readonly int8: number }
  | { readonly int32: number }
  | { readonly table: FlatFields }
  | { readonly tables: readonly FlatFields[] }
  | { readonly bytes: Uint8Array }
  | { readonly integers: readonly number[] }
  | { readonly longs: readonly number[] }
  | { readonly floats: readonly number[] };

/** Fields of a table by their number in the schema. */
export type FlatFields = Readonly<Record<number, FlatField>>;

/** Writes a FlatBuffers file, every table before what it refers to, for tests that read one. */
export function writeFlatBuffer(identifier: string, root: FlatFields): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(1 << 16);
  let view = new DataView(bytes.buffer);
  let end = 8;
  const grow = (count: number): number => {
    while (end + count > bytes.length) {
      const larger = new Uint8Array(2 * bytes.length);
      larger.set(bytes);
      bytes = larger;
      view = new DataView(bytes.buffer);
    }
    return (end += count) - count;
  };
  const align = (to: number, ahead = 0): void => void grow((to - (end + ahead) % to) % to);
  const refer = (from: number, to: number): void => view.setUint32(from, to - from, true);

  const writeVector = (count: number, size: number, write: (at: number, i: number) => void): number => {
    align(Math.max(4, size), 4);
    const start = grow(4 + count * size);
    view.setUint32(start, count, true);
    for (let i = 0; i < count; i++) write(start + 4 + i * size, i);
    return start;
  };
  const writeReferred = (field: FlatField): number => {
    if ("table" in field) return writeTable(field.table);
    if ("bytes" in field) {
      align(16, 4);
      const start = grow(4 + field.bytes.length);
      view.setUint32(start, field.bytes.length, true);
      bytes.set(field.bytes, start + 4);
      return start;
    }
    if ("tables" in field) {
      const start = writeVector(field.tables.length, 4, () => {});
      field.tables.forEach((table, i) => refer(start + 4 + 4 * i, writeTable(table)));
      return start;
    }
    if ("integers" in field) {
      return writeVector(field.integers.length, 4, (at, i) => view.setInt32(at, field.integers[i]!, true));
    }
    if ("longs" in field) {
      return writeVector(
        field.longs.length,
        8,
        (at, i) => view.setBigInt64(at, BigInt(field.longs[i]!), true),
      );
    }
    if ("floats" in field) {
      return writeVector(field.floats.length, 4, (at, i) => view.setFloat32(at, field.floats[i]!, true));
    }
    throw new TypeError("a scalar is not referred to");
  };
  const writeTable = (fields: FlatFields): number => {
    const numbers = Object.keys(fields).map(Number);
    const slots = Math.max(-1, ...numbers) + 1;
    align(4);
    const virtual = grow(4 + 2 * slots);
    align(4);
    const start = grow(4 + 4 * numbers.length);
    view.setInt32(start, start - virtual, true);
    view.setUint16(virtual, 4 + 2 * slots, true);
    view.setUint16(virtual + 2, 4 + 4 * numbers.length, true);
    numbers.forEach((number, i) => {
      const at = start + 4 + 4 * i;
      view.setUint16(virtual + 4 + 2 * number, at - start, true);
      const field = fields[number]!;
      if ("int8" in field) view.setInt8(at, field.int8);
      else if ("int32" in field) view.setInt32(at, field.int32, true);
      else refer(at, writeReferred(field));
    });
    return start;
  };
  bytes.set(new TextEncoder().encode(identifier), 4);
  const start = writeTable(root);
  refer(0, start);
  return bytes.slice(0, end);
}
