import { z } from "zod";
import { modelInputSchema } from "lib/learning/features/model_input.ts";
import { fromVersion1 } from "lib/learning/model_package/manifest_version_1.ts";

/** Version of the manifest's format that this program writes, and the newest that it reads. */
export const FORMAT_VERSION = 2;

const seconds = z.number().min(0);
const probability = z.number().min(0).max(1);

/** How frame scores become events; the defaults of a model, over which options of a command go. */
const postprocessingSchema = z.strictObject({
  /** Centred filter over time, and how long it is in seconds (rounded to an odd number of scores). */
  smoothing: z.strictObject({ kind: z.enum(["none", "mean", "median"]), duration: seconds }),
  /** An event needs one score at or above this. */
  onsetThreshold: probability,
  /** An event goes on while scores are at or above this share of the onset threshold. */
  offsetRatio: z.number().gt(0).max(1),
  /** Shorter events are dropped, in seconds. */
  minDuration: seconds,
  /** Events with a shorter gap between them are one, in seconds. */
  mergeGap: seconds,
  /** Added to both ends of each event, in seconds. */
  pad: seconds,
  /** A longer event is cut into pieces of at most this, in seconds. */
  maxDuration: z.number().positive().exactOptional(),
});

const curvePointSchema = z.strictObject({
  threshold: z.number(),
  // None of these is a number where nothing was found or nothing was to be found.
  precision: probability.nullable().exactOptional(),
  recall: probability.nullable().exactOptional(),
  f1: probability.nullable().exactOptional(),
  falseAlarmsPerHour: z.number().min(0).nullable().exactOptional(),
});

/** A threshold that was chosen for one event, with what it was chosen by. */
const operatingPointSchema = z.strictObject({
  /** One of the manifest's `eventNames`. */
  event: z.string().min(1),
  threshold: probability,
  /** The rule, such as `at most 2 false alarms an hour`. */
  chosenBy: z.string().min(1),
  /** The recordings, such as `data/vods/a.m4a (20 events, 0.17 h)`. */
  chosenOn: z.string().min(1),
  /** When, as an ISO 8601 time. */
  at: z.iso.datetime({ offset: true }),
  /** What each threshold would have given. */
  curve: z.array(curvePointSchema),
  /** How scores became events when the threshold was chosen, where that differs from the manifest. */
  postprocessing: postprocessingSchema.exactOptional(),
  /** The most false alarms an hour that the rule allowed, if it was one of these. */
  budget: z.number().min(0).exactOptional(),
});

/** What a few reviewed events said of what a score is worth. */
const calibrationSchema = z.strictObject({
  /** One of the manifest's `eventNames`. */
  event: z.string().min(1),
  /** Probability of being right by rising score, with the ends of its 95 % interval. */
  curve: z.array(z.strictObject({
    score: probability,
    probability,
    lower: probability,
    upper: probability,
  })).min(2),
  reviewed: z.int().min(1),
  right: z.int().min(0),
  /** The table of reviewed events. */
  reviewedOn: z.string().min(1),
  /** When, as an ISO 8601 time. */
  at: z.iso.datetime({ offset: true }),
});

const version2Schema = z.strictObject({
  formatVersion: z.literal(FORMAT_VERSION),
  name: z.string().min(1),
  /** Sounds that the model knows, in the order of its outputs. */
  eventNames: z.array(z.string().min(1)).min(1),
  /** What it is given of a recording, in the order in which it takes it. */
  inputs: z.array(modelInputSchema).min(1),
  /** Length of a training clip, in seconds. */
  clipSeconds: z.number().positive(),
  architecture: z.strictObject({
    name: z.string().min(1),
    /** Frames of features for each score. */
    frameStride: z.int().min(1),
    /** Frames on each side of a score that can change it; a multiple of `frameStride`. */
    contextFrames: z.int().min(0),
    parameters: z.record(z.string(), z.json()),
  }),
  /** The whole training configuration. */
  training: z.record(z.string(), z.json()),
  seed: z.union([z.int(), z.string()]),
  /** Says which clips and labels it was trained on. */
  dataFingerprint: z.string().min(1),
  metrics: z.record(z.string(), z.json()),
  postprocessing: postprocessingSchema,
  /** Oldest first; the last one of an event counts. */
  operatingPoints: z.array(operatingPointSchema),
  /** Oldest first; the last one of an event counts. */
  calibrations: z.array(calibrationSchema).exactOptional(),
  modelSha256: z.string().regex(/^[0-9a-f]{64}$/, { error: "must be a sha256 in hexadecimal" }),
}).superRefine((manifest, context) => {
  const reject = (path: (string | number)[], message: string) =>
    context.addIssue({ code: "custom", path, message });
  if (new Set(manifest.eventNames).size !== manifest.eventNames.length) {
    reject(["eventNames"], "names the same event twice");
  }
  const { frameStride, contextFrames } = manifest.architecture;
  if (contextFrames % frameStride !== 0) {
    reject(["architecture", "contextFrames"], "must be a multiple of frameStride");
  }
  if (new Set(manifest.inputs.map(({ stream }) => stream)).size !== manifest.inputs.length) {
    reject(["inputs"], "names the same stream twice");
  }
  for (const key of ["operatingPoints", "calibrations"] as const) {
    manifest[key]?.forEach(({ event }, i) => {
      if (manifest.eventNames.includes(event)) return;
      reject([key, i, "event"], `"${event}" is not one of the model's events`);
    });
  }
});

/**
 * Schema of `manifest.json`, of version 1 too. Unknown keys are errors: a misspelt one would silently change the scores.
 */
export const manifestSchema = z.preprocess(fromVersion1, version2Schema);

/** What `manifest.json` says about a model. */
export type Manifest = z.infer<typeof manifestSchema>;
/** How frame scores become events. */
export type Postprocessing = z.infer<typeof postprocessingSchema>;
/** A threshold that was chosen for one event. */
export type OperatingPoint = z.infer<typeof operatingPointSchema>;

/** What a score of one event is worth. */
export type Calibration = z.infer<typeof calibrationSchema>;

/** Sensible ways from scores to events for sounds of a quarter of a second to a few seconds. */
export const DEFAULT_POSTPROCESSING = Object.freeze(
  {
    smoothing: { kind: "median", duration: 0.24 },
    onsetThreshold: 0.5,
    offsetRatio: 0.5,
    minDuration: 0.1,
    mergeGap: 0.3,
    pad: 0,
  } as const satisfies Postprocessing,
);

/** The operating point in force for an event: the one added last. */
export function latestOperatingPoint(manifest: Manifest, event: string): OperatingPoint | undefined {
  return manifest.operatingPoints.findLast((point) => point.event === event);
}

/** The calibration in force for an event: the one added last. */
export function latestCalibration(manifest: Manifest, event: string): Calibration | undefined {
  return manifest.calibrations?.findLast((calibration) => calibration.event === event);
}
