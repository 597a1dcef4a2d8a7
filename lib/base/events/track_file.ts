import { z } from "zod";
import type { Track } from "lib/base/events/track.ts";

/** Version of the format. */
const TRACK_VERSION = 2;
const NEWLINE = 10;

const madeBySchema = z.record(z.string(), z.json());

/** What a track was made of and by: the recording, models with their hashes, and all else that shapes its values. */
export type MadeBy = z.infer<typeof madeBySchema>;

const headerSchema = z.strictObject({
  formatVersion: z.literal(TRACK_VERSION),
  name: z.string(),
  columns: z.array(z.string()).min(1),
  grid: z.strictObject({ startTime: z.number(), period: z.number().positive() }),
  /** T. */
  frames: z.int().min(0),
  /** A byte or four for each value, little-endian. */
  encoding: z.enum(["unit8", "float32"]),
  madeBy: madeBySchema,
});

/** Until version 2 there were scores alone, and of each frame only the highest. */
const version1Schema = z.strictObject({
  formatVersion: z.literal(1),
  fingerprint: z.json(),
  search: z.json(),
  grid: headerSchema.shape.grid,
  frames: z.int().min(0),
}).transform(({ grid, frames, ...madeBy }): z.infer<typeof headerSchema> => ({
  ...{ formatVersion: TRACK_VERSION, name: "scores", columns: ["highest"], encoding: "unit8" },
  grid,
  frames,
  madeBy: { fingerprint: madeBy.fingerprint, search: madeBy.search },
}));

/**
 * A track as the content of a file: a line of JSON that says what it is, then its values, frame by frame. An hour of
 * one sound's scores every 80 ms is 45 kB.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodeTrack, encodeTrack } from "lib/base/events/track_file.ts";
 *
 * const grid = { startTime: 0, period: 0.5 };
 * const track = { name: "loudness", grid, columns: ["dB"], data: Float32Array.of(-20, -60.5) };
 * const kept = decodeTrack(encodeTrack(track, { program: "example" }));
 * assert.deepEqual(kept, { track, madeBy: { program: "example" } });
 * ```
 */
export function encodeTrack({ name, grid, columns, data }: Track, madeBy: MadeBy): Uint8Array<ArrayBuffer> {
  const header: z.infer<typeof headerSchema> = {
    formatVersion: TRACK_VERSION,
    name,
    columns: [...columns],
    grid,
    frames: data.length / columns.length,
    encoding: data instanceof Float32Array ? "float32" : "unit8",
    madeBy,
  };
  const line = new TextEncoder().encode(`${JSON.stringify(header)}\n`);
  const bytes = new Uint8Array(line.length + data.byteLength);
  bytes.set(line);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), line.length);
  return bytes;
}

/**
 * Reads a track, also one of version 1.
 *
 * @returns Undefined for bytes that are no track, or only a part of one.
 */
export function decodeTrack(
  bytes: Uint8Array<ArrayBuffer>,
): { readonly track: Track; readonly madeBy: MadeBy } | undefined {
  const end = bytes.indexOf(NEWLINE);
  if (end < 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const header = z.union([headerSchema, version1Schema]).safeParse(value).data;
  if (!header) return undefined;
  const { name, grid, columns, frames, encoding, madeBy } = header;
  // Copied, so that the values begin where those of their width may.
  const body = bytes.slice(end + 1);
  const isFloat = encoding === "float32";
  if (body.length !== frames * columns.length * (isFloat ? 4 : 1)) return undefined;
  return { track: { name, grid, columns, data: isFloat ? new Float32Array(body.buffer) : body }, madeBy };
}
