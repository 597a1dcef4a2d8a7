import { basename, join } from "node:path";
import { systemClock } from "lib/base/system/clock.ts";
import type { SplitBackground } from "lib/learning/dataset/background.ts";
import { clipBackground } from "lib/learning/dataset/clip_background.ts";
import { chooseHeldBackPoint } from "lib/learning/evaluate/held_back_point.ts";
import { type HeldBackTrial, runHeldBackTrial } from "lib/learning/evaluate/held_back_trial.ts";
import { judgeTrial, type TrialVerdict } from "lib/learning/evaluate/trial_verdict.ts";
import { type ModelPackage, openPackage } from "lib/learning/model_package/open_package.ts";
import { addOperatingPoint } from "lib/learning/model_package/write_package.ts";
import type { TrainConfig } from "lib/learning/train/train_config.ts";
import type { TrainedModel } from "lib/learning/train/train_model.ts";
import { priorThreshold } from "lib/learning/train/trunk_training.ts";
import type { CommandContext } from "tasks/command.ts";
import { listenerFor } from "lib/work/search/choose_models.ts";

/** What is judged, and by what. */
interface VerdictJob {
  readonly dir: string;
  readonly model: TrainedModel;
  readonly background: SplitBackground | undefined;
  readonly config: TrainConfig;
  /** The model that the new one would replace. */
  readonly against: ModelPackage | undefined;
}

/**
 * The model that a new one would replace: the given one, else what `find` takes for the event by default (the listener,
 * where it is there and knows it), else `models/<event>`. None
 * where that is not there, or does not know the event.
 */
export async function openAgainst(
  given: string | undefined,
  event: string,
): Promise<ModelPackage | undefined> {
  if (given !== undefined && basename(given) === "none") return undefined;
  const dir = given ?? await listenerFor(event) ?? join("models", event);
  const isThere = await Deno.stat(join(dir, "manifest.json")).then(() => true, () => false);
  if (given === undefined && !isThere) return undefined;
  const model = await openPackage(dir);
  if (model.manifest.eventNames.includes(event)) return model;
  if (given === undefined) return undefined;
  throw new RangeError(
    `--against ${dir} does not know ${event}, only ${model.manifest.eventNames.join(", ")}`,
  );
}

/**
 * Measures a new model on what was held back, keeps for each sound the threshold that this speaks for, and says whether it
 * is better than what there was.
 */
export async function tellVerdict(
  { dir, model, background, config, against }: VerdictJob,
  { log, printJson, signal }: Pick<CommandContext<Record<never, never>>, "log" | "printJson" | "signal">,
): Promise<void> {
  const { sampleRate } = config.features;
  const recordings = background?.held.stretches.length ? background.held : undefined;
  for (const [k, event] of model.manifest.eventNames.entries()) {
    const other = recordings && against?.manifest.eventNames.includes(event) ? against : undefined;
    const measured = await runHeldBackTrial({
      event,
      members: model.members.map(({ model, held, heldNegatives }) => ({
        model,
        positives: held[k]!,
        background: recordings ?? clipBackground(heldNegatives, sampleRate),
      })),
      other,
      sampleRate,
      seed: config.seed,
      signal,
    });
    const chosen = measured && chooseHeldBackPoint(measured, {
      sound: recordings ? "recordings" : "clips without the sound",
      prior: priorThreshold(config),
      at: systemClock.now(),
    });
    if (chosen) {
      const { threshold, chosenBy, chosenOn } = chosen.point;
      await addOperatingPoint(dir, chosen.point);
      log.info(`threshold of ${event}: ${threshold} (${chosenBy}), chosen on ${chosenOn}`);
      printJson({ operatingPoint: chosen.point });
    } else {
      log.info(
        `threshold of ${event}: ${model.manifest.postprocessing.onsetThreshold}, which nothing speaks for: ` +
          "none of the held-back clips is found",
      );
    }
    if (!measured || !recordings) {
      log.info(
        `${dir} is not measured: validation says how training went, not how many false alarms there are in your ` +
          "recordings. Train with recordings (--background), or measure it: " +
          `deno task evaluate --model ${dir} ANNOTATED_RECORDING`,
      );
      continue;
    }
    const trial = chosen ? { ...measured, mine: { ...measured.mine, now: chosen.now } } : measured;
    const verdict = judgeTrial(trial, other?.dir ?? "");
    log.info(`${dir} is ${verdict.text}`.replace(`${dir} is no earlier`, "no earlier"));
    for (const line of verdict.details) log.info(line);
    log.info(`next: ${nextStep(verdict, dir, other?.dir)}`);
    printJson({ verdict: { ...verdict, event, against: other?.dir ?? null, ...figures(trial) } });
  }
}

function nextStep({ kind }: TrialVerdict, dir: string, other: string | undefined): string {
  if (kind === "worse") {
    return `keep ${other}, and give this one quiet recordings and its own mistakes: deno task train --background ` +
      `QUIET_RECORDING; deno task find --model ${dir} --clips RECORDING, then deno task label --source found`;
  }
  const compare = other === undefined ? "" : `, and compare with --model ${other}`;
  return `check the threshold, deno task tune --model ${dir} --budget 1 ANNOTATED_RECORDING, then measure on another ` +
    `one, deno task evaluate --model ${dir} ANNOTATED_RECORDING${compare}`;
}

function figures({ seconds, clips, placed, mine, other }: HeldBackTrial): Record<string, unknown> {
  return { seconds, clips, placed, now: mine.now, ...(other && { before: other.now }) };
}
