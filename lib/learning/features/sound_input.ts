import { z } from "zod";
import { featureConfigSchema, featureFingerprint } from "lib/learning/features/feature_config.ts";

/** Input of a model that hears: the sound of a recording or a part of it, as a log-mel spectrogram. */
export const SOUND_INPUT = z.strictObject({
  stream: z.enum(["sound", "voice", "game"]),
  features: featureConfigSchema,
  /** Of the features; says whether two models can share them. */
  fingerprint: z.string(),
}).refine(({ features, fingerprint }) => featureFingerprint(features) === fingerprint, {
  path: ["fingerprint"],
  error: "does not fit the features: one of the two was changed by hand",
});
