import type { Search } from "lib/detect/search.ts";
import type { ModelPackage } from "lib/model_package/open_package.ts";
import { UsageError } from "tasks/command.ts";

/** The options of `find` that shape what is found. */
export interface SearchChoices {
  readonly model: readonly string[];
  readonly event: readonly string[];
  readonly threshold: number | undefined;
  readonly minDuration: number | undefined;
  readonly mergeGap: number | undefined;
  readonly pad: number | undefined;
  readonly maxDuration: number | undefined;
  readonly template: string | undefined;
  readonly sliceOverlap: number;
  readonly consecutive: number | undefined;
  readonly locate: "intersection" | "union";
  readonly threads: number;
}

/**
 * Makes the search that the options ask for, and says which models it uses.
 *
 * @throws {UsageError} If options contradict each other.
 * @throws {ModelPackageError} If a model cannot be used.
 */
export async function prepareSearch(
  choices: SearchChoices,
): Promise<{ search: Search; models: readonly ModelPackage[]; threshold: number }> {
  // Loaded here, so that help and wrong usage need none of it.
  const { openPackage } = await import("lib/model_package/open_package.ts");
  const models = await Promise.all([...new Set(choices.model)].map((dir) => openPackage(dir)));
  const events = choices.event.length > 0 ? { events: choices.event } : {};
  const known = new Set(models.flatMap(({ manifest }) => manifest.eventNames));
  const unknown = choices.event.find((event) => !known.has(event));
  if (unknown !== undefined) {
    throw new UsageError(`--event ${unknown} is unknown to the model, which knows ${[...known].join(", ")}`);
  }
  const threshold = choices.threshold === undefined ? {} : { threshold: choices.threshold };
  const { template, minDuration, mergeGap, pad, maxDuration, threads } = choices;
  if (template === undefined) {
    const { createModelSearch } = await import("lib/detect/search.ts");
    const { detectionSettings } = await import("lib/detect/detection_settings.ts");
    const postprocessing = { minDuration, mergeGap, pad, maxDuration };
    const options = { ...events, ...threshold, postprocessing, threads, worker: true };
    const [first] = detectionSettings(models.map(({ manifest }) => manifest), options);
    return { search: createModelSearch(models, options), models, threshold: first!.events.onsetThreshold };
  }
  const unused = Object.entries({ minDuration, mergeGap, pad, maxDuration })
    .find(([, value]) => value !== undefined);
  if (unused) throw new UsageError(`--template finds whole slices and takes no ${unused[0]}`);
  const { consecutive, sliceOverlap, locate } = choices;
  if (consecutive !== undefined && consecutive > sliceOverlap) {
    throw new UsageError(`--consecutive cannot be above --slice-overlap, which is ${sliceOverlap}`);
  }
  const { readTemplate } = await import("lib/detect/template.ts");
  const { createSliceSearch } = await import("lib/detect/slice_search.ts");
  const { seconds, sampleRate } = await readTemplate(template);
  const search = createSliceSearch(models, {
    ...events,
    ...threshold,
    sliceSeconds: seconds,
    sampleRate,
    overlap: sliceOverlap,
    locate,
    threads,
    worker: true,
    ...(consecutive !== undefined && { required: consecutive }),
  });
  return { search, models, threshold: choices.threshold ?? 0.5 };
}
