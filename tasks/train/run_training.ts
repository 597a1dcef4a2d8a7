import { describeSharedSounds } from "lib/learning/dataset/shared_sounds.ts";
import { type EngineName, loadEngine } from "lib/learning/train/engine.ts";
import { type TrainedModel, type TrainJob, trainModel } from "lib/learning/train/train_model.ts";
import { splitClips } from "lib/learning/train/training_data.ts";
import { describeValidationSize } from "lib/learning/train/validation_size.ts";
import type { CommandContext } from "tasks/command.ts";

/** A training as a command starts it. */
export interface TrainingRun {
  readonly context: Pick<
    CommandContext<Record<never, never>>,
    "log" | "progress" | "print" | "printJson" | "signal"
  >;
  /** The fastest that works, if undefined. */
  readonly engine: EngineName | undefined;
  readonly job: Omit<TrainJob, "engine" | "signal" | "now" | "onStep">;
}

/** Trains with a bar and a line an epoch, and prints the folder of the model. */
export async function runTraining({ context, engine: wanted, job }: TrainingRun): Promise<TrainedModel> {
  const { log, progress, print, printJson, signal } = context;
  // What is wrong with the clips should be said before an engine is looked for.
  splitClips(job.events, job.negatives, job.config);
  const engine = await loadEngine(wanted);
  for (const reason of engine.reasons) log.info(`not used: ${reason}`);
  log.info(`training with the ${engine.name} engine`);
  const clips = [...job.events.flatMap(({ positives }) => positives), ...job.negatives];
  const shared = await describeSharedSounds(clips, job.config.features.sampleRate);
  if (shared !== undefined) log.warn(shared);
  const { epochs, stepsPerEpoch, networks } = job.config;
  const bar = await progress.start("training", networks * epochs * stepsPerEpoch);
  signal.addEventListener(
    "abort",
    () => log.info("ending: what was learned is measured and kept; Ctrl+C again ends at once"),
  );
  const training = trainModel({
    ...job,
    engine,
    signal,
    now: () => Date.now(),
    onStep: ({ step, loss }) => bar.update(step, `loss ${loss.toFixed(4)}`),
  });
  let turn = await training.next();
  for (; !turn.done; turn = await training.next()) {
    const { network, epoch, loss, validation, best, seconds } = turn.value.epochs.at(-1)!;
    const figures = `loss ${loss.toFixed(4)}, validation AP ${validation.averagePrecision.toFixed(3)}`;
    const which = networks > 1 ? `network ${network}/${networks}, ` : "";
    log.info(`${which}epoch ${epoch}/${epochs}: ${figures}${best ? " (best)" : ""}, ${seconds.toFixed(0)} s`);
  }
  bar.stop();
  const model = turn.value;
  if (signal.aborted) {
    log.warn(
      `interrupted: ${job.dir} holds the best epoch so far; to train on from there, name it with --base and a new --output`,
    );
  }
  for (const remark of model.remarks) log.warn(remark);
  for (const remark of describeValidation(job)) log.warn(remark);
  log.info(`ONNX scores equal the trained ones to ${model.exportDifference.toExponential(1)}`);
  print(job.dir);
  printJson({ model: job.dir, manifest: model.manifest });
  return model;
}

/** What the validation of the first network can tell of each event, where that is little. */
function describeValidation({ events, negatives, config }: TrainingRun["job"]): string[] {
  const { validation } = splitClips(events, negatives, config);
  return events.flatMap(({ event }, index) =>
    describeValidationSize(event, validation.positives[index]!) ?? []
  );
}
