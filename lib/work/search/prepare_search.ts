import { basename } from "node:path";
import type { Search } from "lib/learning/detect/search.ts";
import type { Calibration } from "lib/learning/model_package/manifest.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";
import { SearchChoiceError } from "lib/work/search/choice_error.ts";

/** The options of `find` that shape what is found. */
export interface SearchChoices {
  readonly model: readonly string[];
  readonly event: readonly string[];
  readonly sound: readonly string[];
  readonly threshold: number | undefined;
  readonly minDuration: number | undefined;
  readonly mergeGap: number | undefined;
  readonly pad: number | undefined;
  readonly maxDuration: number | undefined;
  readonly template: string | undefined;
  readonly sliceOverlap: number;
  readonly consecutive: number | undefined;
  readonly locate: "intersection" | "union";
  readonly like: readonly string[];
  readonly top: number;
  readonly threads: number | undefined;
}

/** A search and what a report says of it. */
export interface PreparedSearch {
  readonly search: Search;
  readonly modelName: string;
  readonly threshold: number;
  /** Names of the sounds that were asked for; none for all that the models know. */
  readonly events: readonly string[];
  /** What scores of the sounds are worth, by name; of none that was never calibrated. */
  readonly calibrations: ReadonlyMap<string, Calibration>;
  /** What should be known of a model that nobody named. */
  readonly note?: string | undefined;
}

/**
 * Makes the search that the options ask for.
 *
 * @throws {SearchChoiceError} If options contradict each other.
 * @throws {ModelPackageError} If a model cannot be used.
 * @throws {AudioError} If a template or example clip cannot be used.
 */
export async function prepareSearch(asked: SearchChoices): Promise<PreparedSearch> {
  if (asked.like.length > 0) return await prepareLikeSearch(asked);
  const { chooseModels, describeColdStart, unknownEvent } = await import("lib/work/search/choose_models.ts");
  // Slices are scored as the first burp finders did it, by what was made for that.
  const model = asked.template !== undefined && asked.model.length + asked.sound.length === 0
    ? ["models/burp"]
    : asked.model;
  const choices = { ...asked, ...await chooseModels({ ...asked, model }) };
  // Loaded here, so that help and wrong usage need none of it.
  const { openPackage } = await import("lib/learning/model_package/open_package.ts");
  const models = await Promise.all([...new Set(choices.model)].map((dir) => openPackage(dir)));
  const modelName = models.map(({ manifest }) => manifest.name).join(" and ");
  const events = choices.event.length > 0 ? { events: choices.event } : {};
  const known = new Set(models.flatMap(({ manifest }) => manifest.eventNames));
  const unknown = choices.event.find((event) => !known.has(event));
  if (unknown !== undefined) {
    throw new SearchChoiceError(unknownEvent(unknown, [...known]));
  }
  const overridden = choices.threshold === undefined ? {} : { threshold: choices.threshold };
  const { template, minDuration, mergeGap, pad, maxDuration } = choices;
  const threads = choices.threads === undefined ? {} : { threads: choices.threads };
  if (template === undefined) {
    const { createModelSearch } = await import("lib/learning/detect/search.ts");
    const { detectionSettings } = await import("lib/learning/detect/detection_settings.ts");
    const postprocessing = { minDuration, mergeGap, pad, maxDuration };
    const options = { ...events, ...overridden, postprocessing, ...threads, worker: true };
    const [first] = detectionSettings(models.map(({ manifest }) => manifest), options);
    const search = createModelSearch(models, options);
    const calibrations = await calibrationsOf(models, choices.event);
    const threshold = first!.events.onsetThreshold;
    const note = model.length === 0 ? describeColdStart(choices.model) : undefined;
    return { search, modelName, threshold, events: choices.event, calibrations, note };
  }
  const unused = Object.entries({ minDuration, mergeGap, pad, maxDuration })
    .find(([, value]) => value !== undefined);
  if (unused) throw new SearchChoiceError(`--template finds whole slices and takes no ${unused[0]}`);
  const { consecutive, sliceOverlap, locate } = choices;
  if (consecutive !== undefined && consecutive > sliceOverlap) {
    throw new SearchChoiceError(`--consecutive cannot be above --slice-overlap, which is ${sliceOverlap}`);
  }
  const { readTemplate } = await import("lib/learning/detect/template.ts");
  const { createSliceSearch } = await import("lib/learning/detect/slice_search.ts");
  const { seconds, sampleRate } = await readTemplate(template);
  const search = createSliceSearch(models, {
    ...events,
    ...overridden,
    sliceSeconds: seconds,
    sampleRate,
    overlap: sliceOverlap,
    locate,
    ...threads,
    worker: true,
    ...(consecutive !== undefined && { required: consecutive }),
  });
  return {
    search,
    modelName,
    threshold: choices.threshold ?? 0.5,
    events: choices.event,
    calibrations: new Map(),
  };
}

/**
 * What scores are worth: of one model's frames only, since means of several and scores of slices are others.
 *
 * @param wanted The sounds that are looked for; all that the model knows if none is named.
 */
async function calibrationsOf(
  models: readonly ModelPackage[],
  wanted: readonly string[],
): Promise<Map<string, Calibration>> {
  const [model, ...others] = models;
  if (!model || others.length > 0) return new Map();
  const { latestCalibration } = await import("lib/learning/model_package/manifest.ts");
  const events = wanted.length > 0 ? wanted : model.manifest.eventNames;
  return new Map(events.flatMap((event) => {
    const calibration = latestCalibration(model.manifest, event);
    return calibration ? [[event, calibration] as const] : [];
  }));
}

async function prepareLikeSearch(choices: SearchChoices): Promise<PreparedSearch> {
  const { like, event, top, template, threshold, minDuration, mergeGap, pad, maxDuration } = choices;
  const sound = choices.sound.length > 0 ? choices.sound : undefined;
  const unused = Object.entries({ template, sound, threshold, minDuration, mergeGap, pad, maxDuration })
    .find(([, value]) => value !== undefined);
  if (unused) {
    throw new SearchChoiceError(`--like finds the --top most similar places and takes no ${unused[0]}`);
  }
  if (event.length > 1) throw new SearchChoiceError("--like finds one sound and takes one --event, its name");
  const { createLikeSearch } = await import("lib/learning/detect/like_search.ts");
  const { expandInputs } = await import("lib/media/audio/inputs.ts");
  const search = await createLikeSearch(await expandInputs(like), { label: event[0] ?? "match", count: top });
  const modelName = `like ${like.map((path) => basename(path)).join(", ")}`;
  return { search, modelName, threshold: 0, events: event, calibrations: new Map() };
}
