import { createTrackStore, type TrackStore } from "lib/work/search/track_store.ts";
import type { FindContext } from "tasks/find/find_vods.ts";

/** Where tracks of recordings are kept; undefined where nothing is to be. */
export function openTracks(
  { output, tracks, tracksGb }: Pick<FindContext["options"], "output" | "tracks" | "tracksGb">,
): TrackStore | undefined {
  if (output === "-" || tracksGb === 0) return undefined;
  return createTrackStore(tracks, { maxBytes: tracksGb * 2 ** 30, now: Date.now });
}
