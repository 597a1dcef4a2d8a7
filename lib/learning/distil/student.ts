import { listenerNetwork } from "lib/learning/listener/listener_network.ts";
import { type Architecture, layersWithInputs } from "lib/learning/model/architecture.ts";
import { foldNormalisation } from "lib/learning/model/layers/rectified.ts";
import { MOBILENET_V1, type MobilenetStage } from "lib/learning/model/mobilenet.ts";
import type { WeightArrays } from "lib/learning/train/network.ts";

/** Widths are multiples of this, as processors like them. */
const WIDTH_STEP = 8;

/** The convolutions of MobileNet v1 with a share of its channels. */
export function stagesOfWidth(width: number): MobilenetStage[] {
  return MOBILENET_V1.map(({ filters, stride }) => ({
    filters: Math.max(WIDTH_STEP, WIDTH_STEP * Math.round(filters * width / WIDTH_STEP)),
    stride,
  }));
}

/** What a student gives for each step: the teacher's class scores as logits, and after them its embedding. */
export interface StudentSizes {
  readonly nMels: number;
  readonly stages: readonly MobilenetStage[];
  /** Classes of the teacher. */
  readonly classes: number;
  /** Numbers in an embedding of the teacher. */
  readonly channels: number;
}

/** A network in training, with batch normalisation, since it begins with nothing. */
export function studentNetwork({ nMels, stages, classes, channels }: StudentSizes): Architecture {
  return listenerNetwork({
    nMels,
    stages,
    outputs: classes + channels,
    steps: "strided",
    normalisation: "batch",
  });
}

/** The network that a student is once it has learnt: every 160 ms, classes alone. */
export function taughtNetwork({ nMels, stages, classes }: Omit<StudentSizes, "channels">): Architecture {
  return listenerNetwork({ nMels, stages, outputs: classes, steps: "dense" });
}

/** The weights of {@linkcode taughtNetwork}: normalisation folded into biases, and without what gave the embedding. */
export function taughtWeights(sizes: StudentSizes, weights: WeightArrays): WeightArrays {
  const { classes, channels } = sizes;
  const folded: Record<string, Float32Array> = {};
  for (const { layer } of layersWithInputs(studentNetwork(sizes))) {
    if (!("normalisation" in layer) || !("filters" in layer)) continue;
    const { kernel, bias } = foldNormalisation(
      { name: layer.name, filters: Number(layer.filters), normalisation: "batch" },
      weights,
    );
    folded[`${layer.name}/kernel`] = kernel;
    folded[`${layer.name}/bias`] = bias;
  }
  const outputs = classes + channels;
  folded["logits/kernel"] = weights["logits/kernel"]!.filter((_, i) => i % outputs < classes);
  folded["logits/bias"] = weights["logits/bias"]!.slice(0, classes);
  return folded;
}
