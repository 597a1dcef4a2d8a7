import { type EngineName, loadEngine } from "lib/learning/train/engine.ts";
import {
  learningCurve,
  type LearningCurveJob,
  type LearningPoint,
  readLearningCurve,
} from "lib/learning/train/learning_curve.ts";
import type { TrainingRun } from "tasks/train/run_training.ts";

/** A learning curve as a command measures it. */
interface LearningCurveRun {
  readonly context: TrainingRun["context"];
  /** The fastest that works, if undefined. */
  readonly engine: EngineName | undefined;
  readonly parts: Pick<LearningCurveJob, "events" | "negatives" | "config" | "bases">;
}

/** Each amount of clips is learnt from so often, to tell what chance does. */
const REPEATS = 2;

/** Measures a learning curve, and prints its points and what they say. */
export async function runLearningCurve({ context, engine: wanted, parts }: LearningCurveRun): Promise<void> {
  const { log, progress, print, printJson, signal } = context;
  const engine = await loadEngine(wanted);
  log.info(`training with the ${engine.name} engine`);
  const shares = [0.25, 0.5, 1];
  const bar = await progress.start("trainings", shares.length * REPEATS);
  let points: readonly LearningPoint[] = [];
  const onProgress = (done: number) => bar.update(done);
  const job = { ...parts, engine, shares, repeats: REPEATS, signal, now: () => Date.now(), onProgress };
  for await (points of learningCurve(job)) log.debug(`${points.length} amounts of clips measured`);
  bar.stop();
  for (const { positives, averagePrecisions, baseline } of points) {
    const each = averagePrecisions.map((value) => value.toFixed(3)).join(", ");
    print(`${positives} clips: validation AP ${each} (by chance ${baseline.toFixed(3)})`);
  }
  const verdict = readLearningCurve(points);
  print(verdict.text);
  printJson({ points, verdict });
}
