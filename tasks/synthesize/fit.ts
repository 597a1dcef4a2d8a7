import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { createScorer } from "lib/learning/detect/scorer.ts";
import { LISTENER_FOLDER } from "lib/learning/listener/listener_package.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { FITTED_BURPS_FILE, formatBurpDistribution } from "lib/learning/synthesis/burp_voice.ts";
import { fitBurps } from "lib/learning/synthesis/fit_burps.ts";
import type { Judge } from "lib/learning/synthesis/prove_points.ts";
import { judgeSounds } from "lib/learning/judge/judge_sounds.ts";
import type { CommandContext } from "tasks/command.ts";

type Context =
  & Pick<CommandContext<Record<never, never>>, "signal" | "progress" | "print" | "printJson">
  & { readonly options: { readonly seed: string; readonly rounds: number; readonly draws: number } };

/** Fits the distribution of synthetic burps to the listener's ear, and keeps it after each round. */
export async function fitToListener({ options, signal, progress, print, printJson }: Context): Promise<void> {
  const { seed, rounds, draws } = options;
  const scorer = await createScorer(await openPackage(LISTENER_FOLDER), { events: ["burp"] });
  const judge: Judge = (sounds, random) => judgeSounds(scorer, sounds, { random, signal });
  const bar = await progress.start("rounds", rounds);
  try {
    for await (const { round, share, distribution } of fitBurps(judge, { seed, rounds, draws })) {
      await writeFileAtomic(FITTED_BURPS_FILE, formatBurpDistribution(distribution));
      bar.update(round + 1);
      print(`round ${round + 1}: the listener takes ${(100 * share).toFixed(0)} % of ${draws} for burps`);
      printJson({ round, share });
    }
  } finally {
    bar.stop();
    await scorer.close();
  }
  print(`${FITTED_BURPS_FILE}: what to draw burps from, from now on`);
}
