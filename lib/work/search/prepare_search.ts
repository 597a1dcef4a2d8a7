import { basename } from "node:path";
import type { Search } from "lib/learning/detect/search.ts";
import { type Calibration, latestCalibration } from "lib/learning/model_package/manifest.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";
import { SearchChoiceError } from "lib/work/search/choice_error.ts";
import { COLD_START, openModels } from "lib/work/search/choose_models.ts";

/** What shapes what is found. */
interface SearchChoices {
  /** Folders of models whose scores are averaged. */
  readonly model?: readonly string[] | undefined;
  /** Names of sounds, as a model calls them. */
  readonly event?: readonly string[] | undefined;
  /** Words for sounds, which mean a model as well. */
  readonly sound?: readonly string[] | undefined;
  readonly threshold?: number | undefined;
  /** In seconds, as the three that follow. */
  readonly minDuration?: number | undefined;
  readonly mergeGap?: number | undefined;
  readonly pad?: number | undefined;
  readonly maxDuration?: number | undefined;
  /** Clip of whose length and rate slices are searched. */
  readonly template?: string | undefined;
  /** Slices that contain each point; 4 by default. */
  readonly sliceOverlap?: number | undefined;
  /** Slices in a row that must be positive. */
  readonly consecutive?: number | undefined;
  readonly locate?: "intersection" | "union" | undefined;
  /** Clips that are to be found again. */
  readonly like?: readonly string[] | undefined;
  /** Places like them in each recording; 20 by default. */
  readonly top?: number | undefined;
  readonly threads?: number | undefined;
}

/** A search, and what is to be known of it where what it finds is written. */
export interface PreparedSearch {
  readonly search: Search;
  readonly modelName: string;
  readonly threshold: number;
  /** Put behind a recording's name: what another question finds goes into another folder. */
  readonly kind: string;
  /** What scores of the sounds are worth, by name; of none that was never calibrated. */
  readonly calibrations: ReadonlyMap<string, Calibration>;
  /** What should be known of a model that nobody named. */
  readonly note?: string | undefined;
}

/**
 * Makes the search that is asked for: by models, in slices, or by the sound of clips.
 *
 * @throws {SearchChoiceError} If choices contradict each other.
 * @throws {ModelPackageError} If a model cannot be used.
 * @throws {AudioError} If a template or example clip cannot be used.
 */
export async function prepareSearch(choices: SearchChoices): Promise<PreparedSearch> {
  const { like = [], model = [], event = [], sound = [], template } = choices;
  if (like.length > 0) return await prepareLikeSearch(choices, like);
  // Slices are scored as the first burp finders did it, by what was made for that.
  const isOldWay = template !== undefined && model.length + sound.length === 0;
  const { models, modelName, events, note } = await openModels({
    model: isOldWay ? [COLD_START] : model,
    event,
    sound,
  });
  if (template !== undefined) {
    return { ...await prepareSlices(choices, { models, events, template }), modelName };
  }
  // Loaded here, so that wrong usage needs none of it.
  const { createModelSearch } = await import("lib/learning/detect/search.ts");
  const { detectionSettings } = await import("lib/learning/detect/detection_settings.ts");
  const { minDuration, mergeGap, pad, maxDuration } = choices;
  const options = {
    ...scoringOf(choices, events),
    postprocessing: { minDuration, mergeGap, pad, maxDuration },
  };
  const [first] = detectionSettings(models.map(({ manifest }) => manifest), options);
  return {
    search: createModelSearch(models, options),
    modelName,
    threshold: first!.events.onsetThreshold,
    kind: sound.length > 0 ? soundKind(events) : "",
    calibrations: calibrationsOf(models, events),
    note,
  };
}

function scoringOf({ threshold, threads }: SearchChoices, events: readonly string[]) {
  return {
    ...(events.length > 0 && { events }),
    threshold,
    threads,
    worker: true,
  };
}

/** Names of the sounds that were chosen; nothing for burps, which is the usual question. */
function soundKind(events: readonly string[]): string {
  const words = events.map((event) => event.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "_")).toSorted();
  return words.join("-") === "burp" ? "" : words.join("-").slice(0, 60);
}

/**
 * What scores are worth: of one model's frames only, since means of several and scores of slices are others.
 *
 * @param wanted The sounds that are looked for; all that the model knows if none is named.
 */
function calibrationsOf(
  models: readonly ModelPackage[],
  wanted: readonly string[],
): Map<string, Calibration> {
  const [model, ...others] = models;
  if (!model || others.length > 0) return new Map();
  const events = wanted.length > 0 ? wanted : model.manifest.eventNames;
  return new Map(events.flatMap((event) => {
    const calibration = latestCalibration(model.manifest, event);
    return calibration ? [[event, calibration] as const] : [];
  }));
}

async function prepareSlices(
  choices: SearchChoices,
  { models, events, template }: {
    readonly models: readonly ModelPackage[];
    readonly events: readonly string[];
    readonly template: string;
  },
): Promise<Omit<PreparedSearch, "modelName">> {
  const { minDuration, mergeGap, pad, maxDuration } = choices;
  refuse({ minDuration, mergeGap, pad, maxDuration }, "--template finds whole slices and takes no");
  const { consecutive, sliceOverlap = 4, locate = "intersection", threshold = 0.5 } = choices;
  if (consecutive !== undefined && consecutive > sliceOverlap) {
    throw new SearchChoiceError(`--consecutive cannot be above --slice-overlap, which is ${sliceOverlap}`);
  }
  const { readTemplate } = await import("lib/learning/detect/template.ts");
  const { createSliceSearch } = await import("lib/learning/detect/slice_search.ts");
  const { seconds, sampleRate } = await readTemplate(template);
  const search = createSliceSearch(models, {
    ...scoringOf(choices, events),
    sliceSeconds: seconds,
    sampleRate,
    overlap: sliceOverlap,
    locate,
    ...(consecutive !== undefined && { required: consecutive }),
  });
  return { search, threshold, kind: "slices", calibrations: new Map() };
}

async function prepareLikeSearch(choices: SearchChoices, like: readonly string[]): Promise<PreparedSearch> {
  const { event = [], top = 20, template, threshold, minDuration, mergeGap, pad, maxDuration } = choices;
  const sound = choices.sound?.length ? choices.sound : undefined;
  refuse(
    { template, sound, threshold, minDuration, mergeGap, pad, maxDuration },
    "--like finds the --top most similar places and takes no",
  );
  if (event.length > 1) throw new SearchChoiceError("--like finds one sound and takes one --event, its name");
  const { createLikeSearch } = await import("lib/learning/detect/like_search.ts");
  const { expandInputs } = await import("lib/media/audio/inputs.ts");
  const { listenerFolder } = await import("lib/work/search/choose_models.ts");
  const { openMiddleLayer } = await import("lib/learning/detect/middle_layer.ts");
  const listener = await listenerFolder();
  const middle = listener === undefined ? undefined : await openMiddleLayer(listener);
  const note = listener !== undefined && !middle
    ? `${listener} is of an earlier set-up and does not help: deno task setup --only listener --force makes it anew`
    : undefined;
  const clips = await expandInputs(like);
  const search = await createLikeSearch(clips, { label: event[0] ?? "match", count: top, middle });
  const modelName = `like ${like.map((path) => basename(path)).join(", ")}`;
  return { search, modelName, threshold: 0, kind: "like", calibrations: new Map(), note };
}

function refuse(choices: Readonly<Record<string, unknown>>, why: string): void {
  const unused = Object.entries(choices).find(([, value]) => value !== undefined);
  // Choices are named here as the command's options are there, but for how words are joined.
  const option = unused?.[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (option !== undefined) throw new SearchChoiceError(`${why} --${option}`);
}
