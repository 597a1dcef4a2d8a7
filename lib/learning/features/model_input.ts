import { z } from "zod";
import { type FeatureConfig, featureFingerprint } from "lib/learning/features/feature_config.ts";
import { SOUND_INPUT } from "lib/learning/features/sound_input.ts";

/** What of a recording a model can be given. `voice` and `game` are parts of its sound, `frames` its pictures. */
export const STREAMS = ["sound", "voice", "game", "frames", "chat"] as const;

/** Name of a stream of a recording. */
export type StreamName = (typeof STREAMS)[number];

/** Features of every kind; one more kind is one more file beside `sound_input.ts`, and its line here. */
const KINDS = [SOUND_INPUT] as const;

/** Schema of one input of a model: a stream, how it becomes features, and their fingerprint. */
export const modelInputSchema = z.discriminatedUnion("stream", KINDS, {
  error: ({ input }) => describeStream(input),
});

/** One input of a model. */
export type ModelInput = z.infer<typeof modelInputSchema>;

/**
 * The inputs of a model that hears the whole sound of a recording and nothing else.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { DEFAULT_FEATURES } from "lib/learning/features/feature_config.ts";
 * import { soundFeatures, soundInputs } from "lib/learning/features/model_input.ts";
 *
 * const inputs = soundInputs(DEFAULT_FEATURES);
 * assert.equal(inputs[0]!.stream, "sound");
 * assert.deepEqual(soundFeatures({ name: "burp", inputs }), DEFAULT_FEATURES);
 * ```
 */
export function soundInputs(features: FeatureConfig): ModelInput[] {
  return [{ stream: "sound", features: { ...features }, fingerprint: featureFingerprint(features) }];
}

/** What `soundFeatures()` needs to know of a model. */
interface WithInputs {
  readonly name: string;
  readonly inputs: readonly ModelInput[];
}

/**
 * The only input of a model, where that is the whole sound of a recording.
 *
 * @throws {RangeError} If the model needs anything else.
 */
export function soundInput({ name, inputs }: WithInputs): ModelInput {
  const [input, ...others] = inputs;
  if (input?.stream === "sound" && others.length === 0) return input;
  throw new RangeError(
    `The model ${name} needs ${
      inputs.map(({ stream }) => stream).join(" and ")
    } of a recording, and only the whole sound can be given to it; take another model, or update the program`,
  );
}

/**
 * The features of a model that hears the whole sound of a recording.
 *
 * @throws {RangeError} If the model needs anything else.
 */
export function soundFeatures(model: WithInputs): FeatureConfig {
  return soundInput(model).features;
}

function describeStream(input: unknown): string {
  const stream = typeof input === "object" && input !== null && "stream" in input ? input.stream : undefined;
  return STREAMS.some((name) => name === stream)
    ? `there are no features of ${stream} in this version of the program; update it`
    : `${JSON.stringify(stream)} is no stream; the streams are ${STREAMS.join(", ")}`;
}
