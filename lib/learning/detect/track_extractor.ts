import type { TimeGrid } from "lib/base/events/time_grid.ts";
import type { Track } from "lib/base/events/track.ts";
import type { MadeBy } from "lib/base/events/track_file.ts";

/**
 * Makes a track of a stream of a recording: of its sound, given as blocks of samples, or later of pictures or messages.
 * What is made depends on the stream alone, not on how it is cut into inputs.
 */
export interface TrackExtractor<Input> {
  /** Of the track. */
  readonly name: string;
  readonly grid: TimeGrid;
  /** What each of the K values of a frame is. */
  readonly columns: readonly string[];
  /** All that shapes the values, apart from the recording. */
  readonly madeBy: MadeBy;
  /** Begins with a recording. */
  open(): TrackStream<Input>;
}

/** The frames of one recording, in order. */
export interface TrackStream<Input> {
  /** Gives the frames that are known now, shape [t, K]. */
  push(input: Input): Promise<Float32Array>;
  /** Gives the rest; to be called once, at the end. */
  flush(): Promise<Float32Array>;
}

/** Tracks of one recording that are kept from one time to the next. */
export interface KeptTracks {
  /** The track of that name, if it was made in the same way. */
  read(name: string, madeBy: MadeBy): Promise<Track | undefined>;
  /** Keeps a track in place of one that was made in the same way. */
  keep(track: Track, madeBy: MadeBy): Promise<void>;
}
