import { framesToSeconds, secondsToSamples } from "lib/base/events/time_grid.ts";
import {
  type Background,
  backgroundSamples,
  backgroundSeconds,
  type BackgroundStretch,
  type SplitBackground,
} from "lib/learning/dataset/background.ts";
import { createScorer } from "lib/learning/detect/scorer.ts";
import { latestOperatingPoint } from "lib/learning/model_package/manifest.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";

/** A model that has heard of events that are to be learnt. */
export interface Teacher {
  readonly model: ModelPackage;
  /** Those that it is to listen for; it knows them all. */
  readonly events: readonly string[];
}

/** Background in which nothing was heard, and what was left out of it. */
interface UnheardBackground {
  readonly background: SplitBackground;
  /** Windows to learn from, or to choose among epochs, that are left out. */
  readonly windows: number;
  /** Seconds of what measures that are left out. */
  readonly heldSeconds: number;
}

/** What is held back is cut off so far before and after what was heard, in seconds. */
const MARGIN_SECONDS = 1;
/** Shorter pieces of what is held back are no use, in seconds. */
const SHORTEST_SECONDS = 3.2;

/**
 * Leaves out of background what a model hears one of the events in: chat and labels do not know of every one, and a
 * network that is taught that these are none forgets what it should find. A score counts from where an event of the
 * teacher's would go on, its threshold times its offset ratio.
 *
 * @param options.sure Names of recordings of which somebody said where the events are: these are left as they are.
 */
export async function withoutHeard(
  background: SplitBackground,
  { model, events }: Teacher,
  { sampleRate, sure, signal }: {
    /** Of background and teacher, in Hz. */
    readonly sampleRate: number;
    readonly sure: ReadonlySet<string>;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<UnheardBackground> {
  const scorer = await createScorer(model, { events, worker: true });
  const levels = scorer.eventNames.map((event) => {
    const point = latestOperatingPoint(model.manifest, event);
    const { onsetThreshold, offsetRatio } = point?.postprocessing ?? model.manifest.postprocessing;
    return offsetRatio * (point?.threshold ?? onsetThreshold);
  });
  /** Whether something is heard in each stretch, as samples of the buffer. */
  const heardIn = async (side: Background): Promise<Map<BackgroundStretch, number[]>> => {
    const doubted = side.stretches.filter(({ recording }) => !sure.has(recording));
    const heard = new Map<BackgroundStretch, number[]>();
    let [index, before] = [0, 0];
    const blocks = ReadableStream.from(doubted.map((stretch) => backgroundSamples(side, stretch)));
    for await (const { startFrame, scores } of scorer.score(blocks, { signal })) {
      for (let i = 0; i < scores.length; i++) {
        if (scores[i]! < levels[i % levels.length]!) continue;
        const seconds = framesToSeconds(startFrame + Math.floor(i / levels.length) + 0.5, scorer.grid);
        const at = Math.max(0, secondsToSamples(seconds, sampleRate));
        for (
          let size;
          (size = sizeOf(doubted[index]!)) + before <= at && index < doubted.length - 1;
          index++
        ) {
          before += size;
        }
        const stretch = doubted[index]!;
        const places = heard.get(stretch) ?? [];
        places.push(stretch.start + at - before);
        heard.set(stretch, places);
      }
    }
    return heard;
  };
  try {
    const [train, validation] = [await heardIn(background.train), await heardIn(background.validation)];
    const held = await heardIn(background.held);
    const [margin, shortest] = [MARGIN_SECONDS, SHORTEST_SECONDS].map((s) => secondsToSamples(s, sampleRate));
    const without = (side: Background, heard: ReadonlyMap<BackgroundStretch, unknown>): Background => ({
      ...side,
      stretches: side.stretches.filter((stretch) => !heard.has(stretch)),
    });
    const pieces = background.held.stretches.flatMap((stretch) =>
      cutOut(stretch, held.get(stretch) ?? [], { margin: margin!, shortest: shortest!, sampleRate })
    );
    return {
      background: {
        train: without(background.train, train),
        validation: without(background.validation, validation),
        held: { ...background.held, stretches: pieces },
      },
      windows: train.size + validation.size,
      heldSeconds: backgroundSeconds(background.held, sampleRate) -
        backgroundSeconds({ ...background.held, stretches: pieces }, sampleRate),
    };
  } finally {
    await scorer.close();
  }
}

/** What is left of a stretch without what lies around some of its samples, in their order. */
function cutOut(
  stretch: BackgroundStretch,
  heard: readonly number[],
  { margin, shortest, sampleRate }: {
    readonly margin: number;
    readonly shortest: number;
    readonly sampleRate: number;
  },
): BackgroundStretch[] {
  if (heard.length === 0) return [stretch];
  const pieces: BackgroundStretch[] = [];
  let start = stretch.start;
  for (const at of [...heard, stretch.end + margin]) {
    const end = Math.min(stretch.end, at - margin);
    if (end - start >= shortest) {
      pieces.push({ ...stretch, onset: stretch.onset + (start - stretch.start) / sampleRate, start, end });
    }
    start = Math.max(start, at + margin);
  }
  return pieces;
}

function sizeOf({ start, end }: BackgroundStretch): number {
  return end - start;
}
