import { basename } from "node:path";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { judgeEvents } from "lib/show/plots/judged_events.ts";
import { formatTime } from "lib/show/plots/time_axis.ts";
import type { GalleryClip } from "lib/show/report/clip_gallery.ts";

/** A recording with what is annotated and what was found in it. */
interface JudgedRecording {
  readonly path: string;
  readonly annotations: readonly SoundEvent[];
  readonly found: readonly SoundEvent[];
}

/** Which sounds are made, and how. */
interface MistakeCardOptions {
  /** What made the mistakes, for people. */
  readonly system: string;
  /** Hz. */
  readonly sampleRate: number;
  /** Most sounds of either kind; 12 by default. */
  readonly count?: number | undefined;
}

/** Sound before and after what is heard, in seconds. */
const MARGIN = 0.7;
const MAX_SECONDS = 10;

/** False alarms, the highest scores first, and misses of recordings as sounds of a gallery. */
export async function* mistakeCards(
  recordings: readonly JudgedRecording[],
  { system, sampleRate, count = 12 }: MistakeCardOptions,
): AsyncGenerator<GalleryClip> {
  const judged = recordings.map(({ path, annotations, found }) => ({
    path,
    ...judgeEvents(found, annotations),
  }));
  const falseAlarms = judged.flatMap(({ path, falseAlarms }) => falseAlarms.map((event) => ({ path, event })))
    .toSorted((a, b) => (b.event.score ?? 0) - (a.event.score ?? 0));
  const missed = judged.flatMap(({ path, missed }) => missed.map((event) => ({ path, event })));
  for (const [kind, mistakes] of [["False alarm", falseAlarms], ["Missed", missed]] as const) {
    for (const { path, event } of mistakes.slice(0, count)) {
      const score = event.score === undefined ? "" : `, score ${event.score.toFixed(3)}`;
      yield {
        title: `${kind} at ${formatTime(event.onset)}`,
        details: [`of ${system}${score}`, basename(path)],
        samples: await samplesAround(path, event, sampleRate),
      };
    }
  }
}

/** An event with a little before and after it, at most ten seconds. */
export async function samplesAround(
  path: string,
  { onset, offset }: SoundEvent,
  sampleRate: number,
  track?: string,
): Promise<Float32Array> {
  const start = Math.max(0, onset - MARGIN);
  const duration = Math.min(MAX_SECONDS, offset + MARGIN - start);
  return await readSamples(path, { sampleRate, start, duration, track });
}
