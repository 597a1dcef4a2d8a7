/** One layer of a network over log-mel spectrograms, [B, T, F, C] channels last. */
export type Layer =
  /** 2-D convolution, batch normalisation, ReLU; "same" padding of zeros. */
  | {
    readonly kind: "conv2d";
    readonly name: string;
    readonly filters: number;
    /** In frames and bands. */
    readonly kernel: readonly [number, number];
    readonly stride: readonly [number, number];
  }
  /** Joins bands and channels: [B, T, F, C] to [B, T, F * C]. */
  | { readonly kind: "join-bands"; readonly name: string }
  /** Convolution over time of [B, T, C], batch normalisation, ReLU; added to its input if `residual`. */
  | {
    readonly kind: "conv1d";
    readonly name: string;
    readonly filters: number;
    readonly kernel: number;
    readonly dilation: number;
    readonly residual: boolean;
  }
  /** Drops channels while training. */
  | { readonly kind: "dropout"; readonly name: string; readonly rate: number }
  /** One logit an event: [B, T, C] to [B, T, K]. */
  | { readonly kind: "logits"; readonly name: string; readonly events: number };

/** A network as data: the trainer runs it, the exporter writes it, and both agree by construction. */
export interface Architecture {
  readonly name: string;
  /** Mel bands that go in. */
  readonly nMels: number;
  readonly layers: readonly Layer[];
}

/** Sizes of the default network. */
export interface FrameCnnConfig {
  readonly nMels: number;
  readonly events: number;
  /** Channels of the first layer; the others are multiples of it. */
  readonly width: number;
  /** Channels of the layers over time. */
  readonly timeWidth: number;
  /** Dilations of the layers over time, in scores. */
  readonly dilations: readonly number[];
  readonly dropout: number;
}

export const DEFAULT_FRAME_CNN = Object.freeze(
  {
    nMels: 64,
    events: 1,
    width: 16,
    timeWidth: 96,
    dilations: [1, 2, 4],
    dropout: 0.3,
  } as const satisfies FrameCnnConfig,
);

/**
 * The default network: strided 2-D convolutions down to one score every four log-mel frames, then dilated
 * convolutions over time. Its receptive field is finite in time, so scores do not depend on where a recording
 * starts. Strides instead of pooling halve the time of a training step.
 */
export function frameCnn(config: FrameCnnConfig = DEFAULT_FRAME_CNN): Architecture {
  const { width: w, timeWidth, dilations, dropout, events, nMels } = config;
  const conv2d = (name: string, filters: number, stride: [number, number]): Layer => ({
    kind: "conv2d",
    name,
    filters,
    kernel: [3, 3],
    stride,
  });
  return {
    name: "frame-cnn",
    nMels,
    layers: [
      conv2d("conv1", w, [2, 2]),
      conv2d("conv2", 2 * w, [1, 1]),
      conv2d("conv3", 4 * w, [2, 2]),
      conv2d("conv4", 4 * w, [1, 2]),
      conv2d("conv5", 4 * w, [1, 2]),
      { kind: "join-bands", name: "bands" },
      { kind: "conv1d", name: "time0", filters: timeWidth, kernel: 1, dilation: 1, residual: false },
      ...dilations.map((dilation, i): Layer => ({
        kind: "conv1d",
        name: `time${i + 1}`,
        filters: timeWidth,
        kernel: 3,
        dilation,
        residual: true,
      })),
      { kind: "dropout", name: "dropout", rate: dropout },
      { kind: "logits", name: "logits", events },
    ],
  };
}

/** Log-mel frames per score. */
export function frameStride(architecture: Architecture): number {
  return architecture.layers.reduce((s, layer) => layer.kind === "conv2d" ? s * layer.stride[0] : s, 1);
}

/** Log-mel frames on each side of a score that can change it, rounded up to whole scores. */
export function contextFrames(architecture: Architecture): number {
  let stride = 1;
  let reach = 0;
  for (const layer of architecture.layers) {
    if (layer.kind === "conv2d") {
      reach += (layer.kernel[0] - 1) * stride;
      stride *= layer.stride[0];
    } else if (layer.kind === "conv1d") {
      reach += ((layer.kernel - 1) / 2) * layer.dilation * stride;
    }
  }
  return Math.ceil(reach / stride) * stride;
}

/** A weight of the network. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** What it starts as: He-normal of its fan-in, ones or zeros. */
  readonly start: { readonly kind: "he"; readonly fanIn: number } | {
    readonly kind: "constant";
    readonly value: number;
  };
  /** Whether the optimiser changes it (else it is a running statistic of batch normalisation). */
  readonly trained: boolean;
  /** Whether weight decay applies. */
  readonly decayed: boolean;
}

/** All weights in a fixed order, with their shapes. */
export function parametersOf(architecture: Architecture): Parameter[] {
  const parameters: Parameter[] = [];
  let bands = architecture.nMels;
  let channels = 1;
  const weight = (name: string, shape: number[], fanIn: number): void => {
    parameters.push({ name, shape, start: { kind: "he", fanIn }, trained: true, decayed: true });
  };
  const constant = (name: string, size: number, value: number, trained: boolean): void => {
    parameters.push({ name, shape: [size], start: { kind: "constant", value }, trained, decayed: false });
  };
  const normalisation = (name: string, size: number): void => {
    constant(`${name}/scale`, size, 1, true);
    constant(`${name}/offset`, size, 0, true);
    constant(`${name}/mean`, size, 0, false);
    constant(`${name}/variance`, size, 1, false);
  };
  for (const layer of architecture.layers) {
    if (layer.kind === "conv2d") {
      const [kt, kf] = layer.kernel;
      weight(`${layer.name}/kernel`, [kt, kf, channels, layer.filters], kt * kf * channels);
      normalisation(layer.name, layer.filters);
      bands = Math.ceil(bands / layer.stride[1]);
      channels = layer.filters;
    } else if (layer.kind === "join-bands") {
      channels *= bands;
      bands = 1;
    } else if (layer.kind === "conv1d") {
      weight(`${layer.name}/kernel`, [layer.kernel * channels, layer.filters], layer.kernel * channels);
      normalisation(layer.name, layer.filters);
      channels = layer.filters;
    } else if (layer.kind === "logits") {
      weight(`${layer.name}/kernel`, [channels, layer.events], channels);
      constant(`${layer.name}/bias`, layer.events, -2, true);
    }
  }
  return parameters;
}
