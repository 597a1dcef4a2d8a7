import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { decodeTrack, encodeTrack, type MadeBy } from "lib/base/events/track_file.ts";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { readIfThere } from "lib/base/system/if_there.ts";
import type { KeptTracks } from "lib/learning/detect/track_extractor.ts";
import type { Recording } from "lib/media/recording/recording.ts";

/** Where tracks are kept unless told otherwise: a folder for each recording, named by its id. */
export const TRACKS_FOLDER = "data/tracks";
/** What they may take unless told otherwise, in bytes. */
export const TRACKS_BYTES: number = 2 * 2 ** 30;

/** Tracks of any recording: they can be made again, so that those that were used longest ago make room for others. */
export interface TrackStore {
  /**
   * The tracks of a recording.
   * @param id Of the recording.
   * @param heard What of it the tracks are of, where that is a choice, such as one of its audio tracks.
   */
  of(id: string, heard?: MadeBy): KeptTracks;
}

/**
 * Keeps tracks in files.
 *
 * @param options `maxBytes` is what all may take together; `now` gives milliseconds since 1970.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createTrackStore } from "lib/work/search/track_store.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const kept = createTrackStore(folder, { maxBytes: 1e6, now: Date.now }).of("twitch-1746376348");
 * const grid = { startTime: 0, period: 1 };
 * const track = { name: "loudness", grid, columns: ["dB"], data: Float32Array.of(-20, -60) };
 * await kept.keep(track, { program: "example" });
 * assert.deepEqual(await kept.read("loudness", { program: "example" }), track);
 * assert.equal(await kept.read("loudness", { program: "another" }), undefined);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function createTrackStore(
  folder: string,
  { maxBytes, now }: { readonly maxBytes: number; readonly now: () => number },
): TrackStore {
  return {
    of(id, heard = {}) {
      const pathOf = (name: string, madeBy: MadeBy): string => {
        const hash = createHash("sha256").update(JSON.stringify([madeBy, heard])).digest("hex").slice(0, 8);
        return join(folder, basename(id), `${basename(name)}-${hash}.track`);
      };
      return {
        async read(name, madeBy) {
          const path = pathOf(name, madeBy);
          const bytes = await readIfThere(path);
          const kept = bytes && decodeTrack(bytes);
          if (!kept || !isDeepStrictEqual(kept.madeBy, { ...madeBy, ...heard })) return undefined;
          // What was used last goes last; that somebody has just cleared the folder does no harm.
          const time = new Date(now());
          await Deno.utime(path, time, time).catch(() => {});
          return kept.track;
        },
        async keep(track, madeBy) {
          const path = pathOf(track.name, madeBy);
          const bytes = encodeTrack(track, { ...madeBy, ...heard });
          if (bytes.length > maxBytes) return;
          await Deno.mkdir(dirname(path), { recursive: true });
          await writeFileAtomic(path, bytes);
          const time = new Date(now());
          await Deno.utime(path, time, time);
          await makeRoom(folder, maxBytes, path);
        },
      };
    },
  };
}

/**
 * The tracks of a recording as it is now: of a VOD that has grown, those of before do not count.
 *
 * @param audioTrack That was asked for.
 * @returns Undefined for what has no id, such as a pipe.
 */
export async function tracksOf(
  store: TrackStore | undefined,
  recording: Pick<Recording, "id" | "fingerprint">,
  audioTrack: string | undefined,
): Promise<KeptTracks | undefined> {
  const [id, fingerprint] = store ? await Promise.all([recording.id(), recording.fingerprint()]) : [];
  if (id === undefined || fingerprint === undefined) return undefined;
  return store?.of(id, { fingerprint, ...(audioTrack !== undefined && { audioTrack }) });
}

/** Removes the tracks that were used longest ago until the others fit; `newest` stays. */
async function makeRoom(folder: string, maxBytes: number, newest: string): Promise<void> {
  const files: { readonly path: string; readonly size: number; readonly used: number }[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory) continue;
    for await (const file of Deno.readDir(join(folder, name))) {
      if (!file.name.endsWith(".track")) continue;
      const path = join(folder, name, file.name);
      const { size, mtime } = await Deno.stat(path);
      files.push({ path, size, used: mtime?.getTime() ?? 0 });
    }
  }
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files.toSorted((a, b) => a.used - b.used)) {
    if (total <= maxBytes) return;
    if (path === newest) continue;
    // Another program may have made room at the same time.
    await Deno.remove(path).catch(() => {});
    total -= size;
    // Only where it is empty now.
    await Deno.remove(dirname(path)).catch(() => {});
  }
}
