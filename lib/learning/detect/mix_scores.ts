import { framesToSeconds, secondsToFrame, type TimeGrid } from "lib/base/events/time_grid.ts";
import { concatenate } from "lib/base/numbers/concatenate.ts";

/** The scores of one model of several. */
interface ScoreTrack {
  readonly grid: TimeGrid;
  /** Sounds that the model knows, in the order of its scores. */
  readonly eventNames: readonly string[];
}

/** Averages the scores of several models, which arrive in parts and at different times. */
interface ScoreMixer {
  /** The finest of the tracks' grids, on which the averages are. */
  readonly grid: TimeGrid;
  /** Sounds that at least one model knows, in the order of the averages. */
  readonly eventNames: readonly string[];
  /** Takes the next scores of a track, shape [t, K of that track]. */
  push(track: number, scores: Float32Array): void;
  /** Gives the averages that are complete now, shape [t, K]; with `last` all that are left. */
  take(last?: boolean): Float32Array;
}

/**
 * Makes a mixer. Each sound's score is the mean over the models that know it; a coarser model's score counts for
 * all finer frames whose middle it covers.
 *
 * @param votes With it, a sound's score is the highest one that so many of the models reach (all that know it, where
 * there are fewer): at or above a threshold it is when so many models are.
 * @throws {RangeError} If there is no track, or `votes` is not a whole number from 1.
 */
export function createScoreMixer(tracks: readonly ScoreTrack[], votes?: number): ScoreMixer {
  if (votes !== undefined && !(Number.isInteger(votes) && votes >= 1)) {
    throw new RangeError(`Cannot let ${votes} models decide: it must be a whole number from 1`);
  }
  const finest = tracks.toSorted((a, b) => a.grid.period - b.grid.period)[0];
  if (!finest) throw new RangeError("Cannot mix the scores of no model");
  const { grid } = finest;
  const eventNames = [...new Set(tracks.flatMap((track) => track.eventNames))];
  const K = eventNames.length;
  const sources = eventNames.map((event) =>
    tracks.flatMap((track, i) => {
      const column = track.eventNames.indexOf(event);
      return column < 0 ? [] : [{ track: i, column }];
    })
  );
  // Rows of each track that are still needed; `first` is the index of the first of them.
  const held = tracks.map(() => ({ first: 0, rows: new Float32Array(0) }));
  const width = (track: number): number => tracks[track]!.eventNames.length;
  const count = (track: number): number => held[track]!.first + held[track]!.rows.length / width(track);
  const rowAt = (track: number, frame: number): number =>
    Math.max(0, secondsToFrame(framesToSeconds(frame + 0.5, grid), tracks[track]!.grid));
  let next = 0;

  return {
    grid,
    eventNames,
    push(track, scores) {
      held[track]!.rows = concatenate([held[track]!.rows, scores]);
    },
    take(last = false) {
      let end = count(tracks.indexOf(finest));
      if (!last) {
        for (let i = 0; i < tracks.length; i++) while (end > next && rowAt(i, end - 1) >= count(i)) end--;
      }
      const out = new Float32Array(Math.max(0, end - next) * K);
      for (let frame = next; frame < end; frame++) {
        for (let k = 0; k < K; k++) {
          let sum = 0;
          const values: number[] = [];
          for (const { track, column } of sources[k]!) {
            const { first, rows } = held[track]!;
            // At the very end, a coarser track may stop up to one row early.
            const row = Math.min(rowAt(track, frame), count(track) - 1) - first;
            const value = rows[row * width(track) + column] ?? 0;
            sum += value;
            if (votes !== undefined) values.push(value);
          }
          out[(frame - next) * K + k] = votes === undefined
            ? sum / sources[k]!.length
            : values.sort((a, b) => b - a)[Math.min(votes, values.length) - 1]!;
        }
      }
      next = Math.max(next, end);
      held.forEach((track, i) => {
        // One row earlier is kept, for the end of a track that stops early.
        const drop = Math.min(rowAt(i, next) - 1, count(i) - 1) - track.first;
        if (drop <= 0) return;
        track.rows = track.rows.slice(drop * width(i));
        track.first += drop;
      });
      return out;
    },
  };
}
