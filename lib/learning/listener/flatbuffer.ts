/** A table of a FlatBuffers file: fields are found through its virtual table, absent ones have defaults. */
export interface FlatTable {
  /** A scalar field. `kind` is its type in the schema. */
  scalar(field: number, kind: "int8" | "int32" | "uint32", fallback: number): number;
  /** A 64-bit unsigned field, as a number. */
  long(field: number): number;
  /** A table that the field refers to. */
  table(field: number): FlatTable | undefined;
  /** A vector of tables; empty where there is none. */
  tables(field: number): FlatTable[];
  /** A vector of bytes, a view into the file. */
  bytes(field: number): Uint8Array<ArrayBuffer> | undefined;
  /** A vector of 32-bit integers; empty where there is none. */
  integers(field: number): number[];
  /** A vector of 64-bit integers, as numbers; empty where there is none. */
  longs(field: number): number[];
  /** A vector of 32-bit floats; empty where there is none. */
  floats(field: number): Float32Array;
}

/** The four letters behind the root's offset, which say what a FlatBuffers file holds. */
export function flatIdentifier(file: Uint8Array): string {
  return String.fromCharCode(...file.subarray(4, 8));
}

/**
 * The root table of a FlatBuffers file (FlatBuffers binary format, "Internals").
 *
 * @throws {RangeError} Here or when a field is read, where the file refers to what lies outside of it.
 */
export function flatRoot(file: Uint8Array<ArrayBuffer>): FlatTable {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const follow = (at: number): number => at + view.getUint32(at, true);

  const tableAt = (start: number): FlatTable => {
    const virtual = start - view.getInt32(start, true);
    const slots = view.getUint16(virtual, true);
    /** Where a field lies; 0 where it is absent. */
    const place = (field: number): number => {
      const slot = 4 + 2 * field;
      const offset = slot < slots ? view.getUint16(virtual + slot, true) : 0;
      return offset === 0 ? 0 : start + offset;
    };
    /** First byte and length of a vector. */
    const vector = (field: number, size: number): { at: number; length: number } => {
      const at = place(field);
      if (at === 0) return { at: 0, length: 0 };
      const from = follow(at);
      const length = view.getUint32(from, true);
      if (from + 4 + length * size > view.byteLength) {
        throw new RangeError("a list reaches beyond the end of the file");
      }
      return { at: from + 4, length };
    };
    const list = <T>(field: number, size: number, read: (at: number) => T): T[] => {
      const { at, length } = vector(field, size);
      return Array.from({ length }, (_, i) => read(at + i * size));
    };
    return {
      scalar(field, kind, fallback) {
        const at = place(field);
        if (at === 0) return fallback;
        if (kind === "int8") return view.getInt8(at);
        return kind === "int32" ? view.getInt32(at, true) : view.getUint32(at, true);
      },
      long(field) {
        const at = place(field);
        return at === 0 ? 0 : Number(view.getBigUint64(at, true));
      },
      table(field) {
        const at = place(field);
        return at === 0 ? undefined : tableAt(follow(at));
      },
      tables: (field) => list(field, 4, (at) => tableAt(follow(at))),
      bytes(field) {
        if (place(field) === 0) return undefined;
        const { at, length } = vector(field, 1);
        return file.subarray(at, at + length);
      },
      integers: (field) => list(field, 4, (at) => view.getInt32(at, true)),
      longs: (field) => list(field, 8, (at) => Number(view.getBigInt64(at, true))),
      floats: (field) => Float32Array.from(list(field, 4, (at) => view.getFloat32(at, true))),
    };
  };
  return tableAt(follow(0));
}
