import { InferenceSession, Tensor } from "onnxruntime-node";
import { errorMessage } from "lib/base/system/error_message.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import type { ModelPackage } from "lib/learning/model_package/open_package.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";

/** A trained network that scores log-mel frames. */
export interface Network {
  /**
   * Scores B stretches of equal length.
   *
   * @param logMel Log-mel frames, shape [B, T, M], T a multiple of the architecture's `frameStride`. The array
   * must not be used afterwards: it may have been handed to another thread.
   * @param columns Which of the K sounds are scored, in this order; all by default. Of hundreds, few are checked and
   * handed on much faster.
   */
  run(
    logMel: Float32Array<ArrayBuffer>,
    batch: number,
    columns?: readonly number[],
  ): Promise<NetworkScores>;
  /** Waits for runs that are under way, and frees what this network alone uses; further runs fail. */
  close(): Promise<void>;
}

/** A network whose values before the last layer can be had, too. */
interface DescribingNetwork extends Network {
  /** Layers whose values it gives. */
  readonly describes: ReadonlySet<DescribingLayer>;
  /**
   * Describes one stretch by the values of a layer that the model was exported with; by default that before the last.
   *
   * @param logMel Log-mel frames, shape [T, M], T a multiple of the architecture's `frameStride`.
   * @returns Shape [T', C], with T' = T / frameStride.
   * @throws {ModelPackageError} If the model gives no such values; the pre-trained listener does.
   */
  embed(logMel: Float32Array<ArrayBuffer>, layer?: DescribingLayer): Promise<Float32Array<ArrayBuffer>>;
  /**
   * Scores and describes B stretches of equal length at once.
   *
   * @param logMel As for `run`.
   * @returns Scores, shape [B, T', K], and the values that `embed` gives, shape [B, T', C].
   * @throws {ModelPackageError} As `embed`.
   */
  scoreAndEmbed(
    logMel: Float32Array<ArrayBuffer>,
    batch: number,
  ): Promise<{ readonly scores: Float32Array; readonly embeddings: Float32Array }>;
}

/** What is heard, whatever its sound, or how it sounds. */
type DescribingLayer = typeof DESCRIBING_LAYERS[number];
const DESCRIBING_LAYERS = ["embeddings", "middle"] as const;

/** Probabilities, from 0 to 1. */
export interface NetworkScores {
  /** Shape [B, T', K], with T' = T / frameStride and K the sounds that were asked for. */
  readonly frameScores: Float32Array<ArrayBuffer>;
  /** Shape [B, K]. */
  readonly clipScores: Float32Array<ArrayBuffer>;
}

/** How a network is run. */
export interface NetworkOptions {
  /** Threads that share one computation; 1 by default. */
  readonly threads?: number | undefined;
}

// Creating and releasing sessions leaks memory, so each model has one for as long as the process lives.
const sessions = new Map<string, Promise<InferenceSession>>();

/**
 * Loads the network of a model. All callers in a process (or worker) share one session for a model.
 *
 * @throws {ModelPackageError} If ONNX Runtime cannot load it.
 */
export async function loadNetwork(
  model: ModelPackage,
  options: NetworkOptions = {},
): Promise<DescribingNetwork> {
  const { threads = 1 } = options;
  const features = soundFeatures(model.manifest);
  const { eventNames, architecture, modelSha256 } = model.manifest;
  const key = `${modelSha256} ${threads}`;
  let loading = sessions.get(key);
  if (!loading) sessions.set(key, loading = createSession(model.model, threads));
  let session: InferenceSession;
  try {
    session = await loading;
  } catch (cause) {
    throw new ModelPackageError(model.dir, `ONNX Runtime cannot load it: ${errorMessage(cause)}`, { cause });
  }
  for (const name of ["frame_scores", "clip_scores"]) {
    if (session.outputNames.includes(name)) continue;
    throw new ModelPackageError(model.dir, `its network has no output ${name}; export it again`);
  }
  const compute = async (
    logMel: Float32Array,
    batch: number,
    outputs: readonly string[],
  ): Promise<InferenceSession.ReturnType> => {
    const frames = logMel.length / batch / features.nMels;
    const input = new Tensor("float32", logMel, [batch, frames, features.nMels]);
    try {
      return await session.run({ log_mel: input }, outputs);
    } catch (cause) {
      throw new ModelPackageError(model.dir, `its network failed: ${errorMessage(cause)}`, { cause });
    }
  };
  const mustDescribe = (layer: DescribingLayer): void => {
    if (session.outputNames.includes(layer)) return;
    throw new ModelPackageError(model.dir, "its network gives no values that describe sounds");
  };
  return {
    async run(logMel, batch, columns) {
      const results = await compute(logMel, batch, ["frame_scores", "clip_scores"]);
      const shape = { events: eventNames.length, columns };
      const rows = logMel.length / features.nMels / architecture.frameStride;
      return {
        frameScores: scoresOf(results, "frame_scores", { ...shape, rows }, model.dir),
        clipScores: scoresOf(results, "clip_scores", { ...shape, rows: batch }, model.dir),
      };
    },
    describes: new Set(DESCRIBING_LAYERS.filter((layer) => session.outputNames.includes(layer))),
    async embed(logMel, layer = "embeddings") {
      mustDescribe(layer);
      const { [layer]: values } = await compute(logMel, 1, [layer]);
      return values!.data as Float32Array<ArrayBuffer>;
    },
    async scoreAndEmbed(logMel, batch) {
      mustDescribe("embeddings");
      const rows = logMel.length / features.nMels / architecture.frameStride;
      const results = await compute(logMel, batch, ["frame_scores", "embeddings"]);
      return {
        scores: scoresOf(results, "frame_scores", { rows, events: eventNames.length }, model.dir),
        embeddings: results["embeddings"]!.data as Float32Array,
      };
    },
    close: () => Promise.resolve(),
  };
}

function createSession(model: Uint8Array, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    // Errors come as exceptions; warnings about the graph are of no use to whoever runs the program.
    logSeverityLevel: 3,
    // Threads that wait in a loop would take the cores from the decoder and the features.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
}

function scoresOf(
  results: InferenceSession.ReturnType,
  name: string,
  { rows, events, columns }: {
    readonly rows: number;
    readonly events: number;
    readonly columns?: readonly number[] | undefined;
  },
  dir: string,
): Float32Array<ArrayBuffer> {
  const data = results[name]?.data;
  const size = rows * events;
  if (!(data instanceof Float32Array) || data.length !== size) {
    throw new ModelPackageError(
      dir,
      `its network gives ${
        data?.length ?? "no"
      } numbers as ${name} where the manifest promises ${size}; export it again`,
    );
  }
  const scores = columns ? columnsOf(data, events, columns) : data as Float32Array<ArrayBuffer>;
  if (!scores.every(Number.isFinite)) {
    throw new ModelPackageError(dir, "its network gives scores that are not numbers; train it again");
  }
  return scores;
}

/** Some of the columns of values of shape [N, width]. */
function columnsOf(
  values: Float32Array,
  width: number,
  columns: readonly number[],
): Float32Array<ArrayBuffer> {
  const kept = new Float32Array(values.length / width * columns.length);
  for (let from = 0, to = 0; from < values.length; from += width) {
    for (const column of columns) kept[to++] = values[from + column]!;
  }
  return kept;
}
