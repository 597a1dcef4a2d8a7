import { createHash } from "node:crypto";
import type { DistilConfig } from "lib/learning/distil/distil.ts";
import { WINDOW_SECONDS } from "lib/learning/distil/lesson_windows.ts";
import type { SoundGroup } from "lib/learning/distil/mix_lesson.ts";
import { type StudentSizes, taughtNetwork, taughtWeights } from "lib/learning/distil/student.ts";
import { studentCard } from "lib/learning/distil/student_card.ts";
import { meanCorrelation, type StudentFigures } from "lib/learning/distil/student_figures.ts";
import type { Teacher } from "lib/learning/distil/teacher.ts";
import { soundInputs } from "lib/learning/features/model_input.ts";
import { EMBEDDING_LAYER } from "lib/learning/listener/listener_network.ts";
import { type Architecture, contextFrames, frameStride } from "lib/learning/model/architecture.ts";
import { exportOnnx } from "lib/learning/model/export_onnx.ts";
import type { PackageContent } from "lib/learning/model_package/write_package.ts";
import type { WeightArrays } from "lib/learning/train/network.ts";
import { encodeWeights, WEIGHTS_FILE } from "lib/learning/train/weights_file.ts";

/** What a student learnt from, and how near it came. */
export interface StudentFacts {
  readonly name: string;
  readonly teacher: Teacher;
  readonly sizes: StudentSizes;
  readonly config: DistilConfig;
  readonly groups: readonly SoundGroup[];
  readonly figures: StudentFigures;
  readonly steps: number;
  readonly seconds: number;
  readonly engine: string;
  /** Sources and licences of the recordings, for the card. */
  readonly notes?: string | undefined;
}

/** A model package of a student: a network like the listener's, which other trainings start from. */
export function studentPackage(
  facts: StudentFacts,
  weights: WeightArrays,
): { content: PackageContent; architecture: Architecture; weights: WeightArrays } {
  const { name, teacher, sizes, config, groups, figures, steps, seconds, engine } = facts;
  const architecture = taughtNetwork(sizes);
  const taught = taughtWeights(sizes, weights);
  const heard = JSON.stringify(groups.map(({ name, sounds }) => [name, sounds.length]));
  const manifest: PackageContent["manifest"] = {
    name,
    eventNames: [...teacher.classes],
    inputs: soundInputs(teacher.features),
    clipSeconds: WINDOW_SECONDS,
    architecture: {
      name: architecture.name,
      frameStride: frameStride(architecture),
      contextFrames: contextFrames(architecture),
      parameters: {
        stages: sizes.stages.map(({ filters, stride }) => ({ filters, stride: [...stride] })),
      },
    },
    training: {
      teacher: teacher.name,
      teacherSha256: teacher.sha256,
      engine,
      batchSize: config.batchSize,
      parts: config.parts,
      peakRate: config.schedule.peakRate,
    },
    seed: config.seed,
    dataFingerprint: createHash("sha256").update(heard).digest("hex"),
    metrics: {
      embeddingError: figures.embeddingError,
      meanCorrelation: meanCorrelation(figures),
      steps,
      seconds,
      windows: config.parts * config.partWindows,
    },
    postprocessing: teacher.postprocessing,
    operatingPoints: [],
  };
  return {
    architecture,
    weights: taught,
    content: {
      manifest,
      model: exportOnnx(architecture, [taught], { embeddings: EMBEDDING_LAYER }),
      modelCard: studentCard(facts),
      extraFiles: { [WEIGHTS_FILE]: encodeWeights(taught) },
    },
  };
}
