import { basename } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { describeRule, type PointRule } from "lib/learning/evaluate/choose_point.ts";
import { type BandPoint, curveBand } from "lib/learning/evaluate/curve_band.ts";
import { toOperatingPoint } from "lib/learning/evaluate/operating_point.ts";
import { scoreAnnotated, type SearchedFile } from "lib/learning/evaluate/score_annotated.ts";
import { type AnnotatedScores, type TunedEvent, tuneEvent } from "lib/learning/evaluate/tune_event.ts";
import type { Manifest, OperatingPoint } from "lib/learning/model_package/manifest.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { addOperatingPoint } from "lib/learning/model_package/write_package.ts";

/** How a model is tuned. */
export interface TuneModelOptions {
  readonly rule: PointRule;
  /** Sounds to tune; by default those that are annotated and that the model knows. */
  readonly events?: readonly string[];
  /** Whether more than the threshold is tuned. */
  readonly grid?: boolean;
  /** Whether the choice is kept in the model's manifest. */
  readonly save: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Opens a recording as mono blocks at this rate, in Hz. */
  readonly openBlocks: (path: string, sampleRate: number) => Promise<AsyncIterable<Float32Array>>;
  /** Told how many seconds of a recording are scored. */
  readonly onProgress?: ((path: string, seconds: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The choice for one sound. */
export interface TunedModelEvent {
  readonly point: OperatingPoint;
  readonly tuned: TunedEvent;
  /** How sure the figures at the chosen threshold are. */
  readonly band: BandPoint;
  /** How sure the figures at all thresholds are. */
  readonly bands: readonly BandPoint[];
  /** The model as it was before. */
  readonly manifest: Manifest;
  /** The recordings with their scores, in the order of the files. */
  readonly recordings: readonly AnnotatedScores[];
}

/**
 * Chooses the threshold of each sound of a model on annotated recordings, and keeps it in the model's manifest after the
 * earlier ones. Recordings have to be annotated from end to end for every sound that is tuned; those without annotations are
 * taken to hold none of them.
 *
 * @throws {ModelPackageError} If the folder is no model.
 * @throws {RangeError} If nothing is annotated with a sound, or no threshold keeps the rule.
 */
export async function* tuneModel(
  dir: string,
  files: readonly SearchedFile[],
  options: TuneModelOptions,
): AsyncGenerator<TunedModelEvent> {
  const { rule, grid = false, save, now, openBlocks, onProgress, signal } = options;
  const model = await openPackage(dir);
  const { manifest } = model;
  const recordings = await scoreAnnotated(model, files, {
    // Files without labels hold the one sound that is tuned.
    label: (options.events?.length ? options.events : manifest.eventNames)[0]!,
    openBlocks,
    ...({ onProgress }),
    ...({ signal }),
  });
  const labels = new Set(recordings.flatMap(({ annotations }) => annotations.map(({ label }) => label)));
  const known = manifest.eventNames.filter((name) => labels.has(name));
  const names = files.map(({ recording }) => basename(recording));
  for (
    const event of options.events?.length ? options.events : known.length > 0 ? known : manifest.eventNames
  ) {
    const tuned = tuneEvent(manifest, recordings, { event, rule, grid });
    if (!tuned) {
      throw new RangeError(
        `Cannot tune "${event}": no threshold that finds any gives ${
          describeRule(rule)
        }; ask for less, or teach ` +
          "the model more, best with recordings in which it is wrong (`deno task train --background`)",
      );
    }
    const point = toOperatingPoint(tuned, { event, rule, at: now, names, recordings });
    // The same seed each time: the band of the same recordings should not change from run to run.
    const bands = curveBand(tuned.counts, { random: createRandom("band") });
    const band = bands.find(({ threshold }) => threshold === point.threshold)!;
    if (save) await addOperatingPoint(dir, point);
    yield { point, tuned, band, bands, manifest, recordings };
  }
}
