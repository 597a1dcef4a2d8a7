/**
 * The part of the contract of `lib/web/pages/api.ts` that is about long recordings. All times are in seconds of the recording.
 *
 * | method and path                                   | in                      | out                          |
 * | ------------------------------------------------- | ----------------------- | ---------------------------- |
 * | GET  /api/recordings                              |                         | {@link RecordingList}        |
 * | GET  /api/recordings/:id                          |                         | {@link RecordingDetail}      |
 * | GET  /api/recordings/:id/overview                 |                         | {@link RecordingOverview}    |
 * | GET  /api/recordings/:id/tiles/:level/:index.png  |                         | PNG, {@link TILE_WIDTH} wide |
 * | GET  /api/recordings/:id/peaks/:level/:index      |                         | bytes, see below             |
 * | GET  /api/recordings/:id/stretch.wav?start=&duration= | Range               | mono WAV                     |
 * | GET  /api/recordings/:id/file                     | Range                   | the file, if browsers play it |
 * | GET  /api/recordings/:id/regions                  |                         | {@link RegionList}           |
 * | POST /api/recordings/:id/regions                  | {@link RegionsRequest}  | {@link RegionsResult}        |
 * | GET  /api/recordings/:id/snaps?start=&end=        |                         | {@link SnapPoints}           |
 * | GET  /api/recordings/:id/candidates               |                         | {@link CandidateList}        |
 *
 * Regions are removed with POST /api/undo, scope `recording:<id>`.
 *
 * **Tiles.** Level 0 is the finest: a tile spans `tileSeconds(0)` = 0.25 s, each further level twice as much. Tile `index` begins at
 * `index * tileSeconds(level)`. The last tile is as wide as the others; what lies after the end is dark. A peaks tile is 2 *
 * {@link PEAK_BINS} signed bytes: minimum and maximum (-127 to 127) of each of {@link PEAK_BINS} equal spans.
 *
 * Sizes stand in `lib/web/pages/tile_grid.ts`, which the page may import.
 *
 * Levels above {@link EXACT_LEVELS} come from a pass over the whole recording that begins with its first GET and is kept on disk. Until
 * that is done (`overview.ready`), WAV recordings give tiles that are sampled in between, others answer 503 `busy`. Addresses
 * from `overview` carry a version that changes when better tiles are there, so that they may be cached for ever.
 */
import { z } from "zod";
import type { ScoreTimeline } from "lib/work/review/score_timeline.ts";

export type { CandidateList, Region, RegionList, RegionsResult } from "lib/work/review/regions.ts";
export type { SnapPoints } from "lib/work/review/snap_points.ts";

/** Recordings that can be labelled. */
export interface RecordingList {
  readonly recordings: readonly RecordingSummary[];
}

/** One of the recordings. */
export interface RecordingSummary {
  readonly id: string;
  /** File name. */
  readonly name: string;
  /** In seconds; absent where it cannot be read. */
  readonly duration?: number | undefined;
  readonly sizeBytes: number;
  readonly regions: number;
  /** Those that nobody has decided on. */
  readonly candidates: number;
  /** Why it cannot be opened. */
  readonly problem?: string;
}

/** A recording that was opened. */
export interface RecordingDetail extends RecordingSummary {
  readonly duration: number;
  /** Highest level of tiles: one tile spans the whole recording. */
  readonly maxLevel: number;
  /** Stretches of sound: put `start` and `duration` for the words in braces. Always there. */
  readonly stretchUrl: string;
  /** The whole file, where browsers can be expected to play it. */
  readonly fileUrl?: string;
  /** Scale marks of the tiles: share of the height from the bottom. */
  readonly marks: readonly { readonly text: string; readonly share: number }[];
}

/** The whole recording at a glance. */
export interface RecordingOverview {
  /** Whether the pass over the recording is done. Ask again every second or so until it is. */
  readonly ready: boolean;
  /** How much of it is done, from 0 to 1. */
  readonly done: number;
  /** `{level}` and `{index}` are to be replaced. */
  readonly tileUrl: string;
  readonly peaksUrl: string;
  /** Minimum and maximum of equal spans, at most 2,048 pairs, from -127 to 127; empty until known. */
  readonly peaks: readonly number[];
  /** Absent without a search. */
  readonly scores?: ScoreTimeline;
}

const regionId = z.string().regex(/^[\w-]{8,64}$/);
const regionSeconds = z.number().min(0).max(1e7);

/** Adds or corrects regions, all at once or none: a boundary between two segments is moved by correcting both. */
export const regionsSchema = z.strictObject({
  client: z.string().regex(/^[\w-]{8,64}$/),
  regions: z.array(
    z.strictObject({
      /** New id: `createLabelId()`. */
      id: regionId,
      onset: regionSeconds,
      offset: regionSeconds,
      label: z.string().min(1).max(100),
      /** Id of the region that this one corrects. */
      replaces: z.string().regex(/^[\w-]{1,64}$/).nullable(),
    }).refine(({ onset, offset }) => offset > onset, { path: ["offset"], error: "must lie after the onset" }),
  ).min(1).max(200),
  kept: z.boolean().default(false),
});
/** Body of POST /api/recordings/:id/regions. */
type RegionsRequest = z.input<typeof regionsSchema>;
