import type { Architecture } from "lib/learning/model/architecture.ts";
import { logits } from "lib/learning/model/layers/logits.ts";
import { meanBands } from "lib/learning/model/layers/mean_bands.ts";
import { meanTime } from "lib/learning/model/layers/mean_time.ts";
import type { Normalisation } from "lib/learning/model/layers/rectified.ts";
import { mobilenet, type MobilenetStage } from "lib/learning/model/mobilenet.ts";

/** Name of the layer whose values describe a sound. */
export const EMBEDDING_LAYER = "mean";

/** Name of the layer whose values say how a sound goes on, short as it is: it sees 0.6 s and keeps four bands apart. */
export const MIDDLE_LAYER = "layer9";

/** Frames that a score is given for; the network itself would take one step of twice as many. */
const FRAMES_PER_SCORE = 16;
/** Frames of the patches that YAMNet was trained on. */
const PATCH_FRAMES = 96;

/**
 * Which steps of the last layer there are, and how many of them a score is the mean of.
 *
 * - `dense`: every 160 ms, for stretches of any length, the mean of half a patch, which finds short sounds better and loses
 *   nothing where they are long. A step is most about what lies 24 frames after the middle of its own, hence those before.
 * - `strided`: every 320 ms, the mean of two: much the same for half the cost of the last layers, to learn by.
 * - `patches`: the mean over all that goes in.
 */
type ListenerSteps = "dense" | "strided" | "patches";

/** Sizes of a network like the listener. */
interface ListenerSizes {
  /** Mel bands. */
  readonly nMels: number;
  readonly stages: readonly MobilenetStage[];
  /** Numbers that come out for each step. */
  readonly outputs: number;
  readonly steps: ListenerSteps;
  /** Biases by default. */
  readonly normalisation?: Normalisation | undefined;
}

/**
 * MobileNet v1, a mean over bands, a mean over time and a dense layer. Scored densely, the last stride over time becomes a
 * distance between the steps of what follows (Holschneider et al., 1989), so that both its phases are computed and no window
 * twice; a score is that of a mean that slides over time.
 */
export function listenerNetwork(
  { nMels, stages, outputs, steps, normalisation }: ListenerSizes,
): Architecture {
  const longestStride = steps === "dense" ? FRAMES_PER_SCORE : Infinity;
  const layers = mobilenet(stages, { longestStride, normalisation });
  const stride = layers.reduce((product, { timeStride }) => product * timeStride, 1);
  const patch = PATCH_FRAMES / stride - 1;
  const around = {
    dense: { before: 2, after: 0 },
    strided: { before: 1, after: 0 },
    patches: { before: patch, after: patch },
  }[steps];
  layers.push(
    meanBands({ name: "bands" }),
    meanTime({ name: EMBEDDING_LAYER, ...around }),
    logits({ name: "logits", events: outputs }),
  );
  return { name: "yamnet", nMels, layers };
}
