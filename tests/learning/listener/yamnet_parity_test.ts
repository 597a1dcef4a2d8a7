import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { z } from "zod";
import { computeLogMel } from "lib/learning/features/log_mel.ts";
import { EMBEDDING_LAYER } from "lib/learning/listener/listener_network.ts";
import { readTfliteLayers } from "lib/learning/listener/tflite_file.ts";
import { YAMNET_FEATURES, yamnetNetwork } from "lib/learning/listener/yamnet.ts";
import { exportOnnx } from "lib/learning/model/export_onnx.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { longRun, tellFigure } from "tests/long_run.ts";

// With YAMNET_PATH set, its folder is to hold yamnet-reference.json: the scores, the embeddings and a log-mel patch that the
// file of YAMNET_PATH gives, by paths of clips below YAMNET_CLIPS. Other exports beside it are read as well.
const PATH = Deno.env.get("YAMNET_PATH");
const CLIPS = Deno.env.get("YAMNET_CLIPS");
const canRun = longRun && PATH !== undefined && CLIPS !== undefined;

const referenceSchema = z.looseObject({
  clips: z.record(
    z.string(),
    z.looseObject({
      scores: z.array(z.number()).length(521),
      embedding: z.array(z.number()).length(1024),
      logMel: z.array(z.array(z.number()).length(64)).length(96).optional(),
    }),
  ),
});

const SAMPLES = 15_600;
const M = YAMNET_FEATURES.nMels;

/** The first patch of a clip, [96, 64]: its frames begin where ours have their middle less half a window. */
async function patchOf(path: string): Promise<Float32Array> {
  const lead = 2 * YAMNET_FEATURES.hopLength - YAMNET_FEATURES.winLength / 2;
  const samples = new Float32Array(lead + SAMPLES);
  samples.set(
    (await readSamples(path, { sampleRate: YAMNET_FEATURES.sampleRate })).subarray(0, SAMPLES),
    lead,
  );
  return computeLogMel(samples, YAMNET_FEATURES).data.slice(2 * M, 98 * M);
}

async function compareWithReference(): Promise<void> {
  const folder = dirname(PATH!);
  const reference = referenceSchema.parse(
    JSON.parse(await Deno.readTextFile(join(folder, "yamnet-reference.json"))),
  );
  const exports = (await Array.fromAsync(Deno.readDir(folder)))
    .map(({ name }) => join(folder, name))
    .filter((path) => path.endsWith(".tflite"));
  assert(exports.length > 0);
  for (const path of exports) {
    const { architecture, weights } = yamnetNetwork(readTfliteLayers(await Deno.readFile(path)), {
      dense: false,
    });
    const onnx = exportOnnx(architecture, [weights], { embeddings: EMBEDDING_LAYER });
    const session = await InferenceSession.create(onnx);
    const off: number[] = [];
    let [features, embeddings, sameBest] = [0, 0, 0];
    for (const [clip, expected] of Object.entries(reference.clips)) {
      const patch = await patchOf(join(CLIPS!, clip));
      expected.logMel?.flat().forEach((value, i) =>
        features = Math.max(features, Math.abs(patch[i]! - value))
      );
      const outputs = await session.run({ log_mel: new Tensor("float32", patch, [1, 96, M]) });
      const scores = (outputs["frame_scores"]!.data as Float32Array).subarray(0, 521);
      const embedding = (outputs["embeddings"]!.data as Float32Array).subarray(0, 1024);
      off.push(...scores.map((score, k) => Math.abs(score - expected.scores[k]!)));
      expected.embedding.forEach((value, i) =>
        embeddings = Math.max(embeddings, Math.abs(embedding[i]! - value))
      );
      const best = (values: ArrayLike<number>) => Array.from(values).indexOf(Math.max(...Array.from(values)));
      if (best(scores) === best(expected.scores)) sameBest++;
    }
    const worst = Math.max(...off);
    const mean = off.reduce((sum, value) => sum + value, 0) / off.length;
    const clips = Object.keys(reference.clips).length;
    tellFigure(
      `${path}: features ${features.toExponential(1)}, embeddings ${
        embeddings.toExponential(1)
      }, scores at most ` +
        `${worst.toExponential(1)} and ${
          mean.toExponential(1)
        } on average, best class the same in ${sameBest} of ${clips}`,
    );
    assert(features < 1e-3);
    if (path === PATH) {
      assert(worst < 0.02 && embeddings < 0.02, `scores differ by ${worst}, embeddings by ${embeddings}`);
    } else {
      // Exports whose 8 bits were chosen otherwise have other weights.
      assert(mean < 0.02 && sameBest >= clips - 2, `scores differ by ${mean} on average`);
    }
  }
}

// Without the file there is nothing to compare, and a test that is skipped would look like one that could be run.
if (canRun) {
  Deno.test(
    "the listener's features, embeddings and scores are those of the reference",
    compareWithReference,
  );
}
