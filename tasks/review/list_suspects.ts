import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { systemClock } from "lib/base/system/clock.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { checkEventName } from "lib/learning/dataset/label_name.ts";
import type { LabelSuspect } from "lib/learning/evaluate/label_suspects.ts";
import type { EngineName } from "lib/learning/train/engine.ts";
import { findSuspects } from "lib/work/review/find_suspects.ts";
import { type CommandContext } from "tasks/command.ts";
import { runFolder } from "tasks/evaluate/run_folder.ts";
import { writeSuspectsPage } from "tasks/review/write_page.ts";
import { listenerFolder } from "lib/work/search/choose_models.ts";
import { planFolders } from "tasks/train/folders.ts";
import { groupPattern } from "tasks/train/group_pattern.ts";
import { loadClips } from "tasks/train/load_clips.ts";

/** How suspects are looked for. */
interface SuspectOptions {
  readonly event: string;
  readonly positives: readonly string[];
  readonly negatives: readonly string[];
  readonly groupBy: string | undefined;
  readonly method: "light" | "training";
  readonly folds: number;
  readonly epochs: number;
  /** By default the listener, if there is one and no network is trained, else `models/base`. */
  readonly base: string | undefined;
  readonly top: number;
  readonly run: string | undefined;
  readonly engine: EngineName | undefined;
  readonly seed: string;
  readonly ledger: string;
}

/** Describes sounds where there is no listener, and is what short trainings start from. */
const TRUNK = "models/base";

type Context = Pick<
  CommandContext<Record<never, never>>,
  "log" | "print" | "printJson" | "progress" | "signal"
>;

/** Scores all clips by models that did not learn from them, and prints and keeps those that speak against their labels. */
export async function listSuspects(options: SuspectOptions, context: Context): Promise<void> {
  const { event, top, method } = options;
  const usual = method === "light" ? await listenerFolder() ?? TRUNK : TRUNK;
  const base = options.base ?? usual;
  const { log, print, printJson, progress, signal } = context;
  checkEventName(event);
  const folder = await runFolder(options.run, [`review-${event}`], { now: systemClock.now() });
  let bar: Awaited<ReturnType<Context["progress"]["start"]>> | undefined;
  let parts = 1;
  const { clips, suspects } = await findSuspects({ ...options, base }, {
    signal,
    read: (sampleRate) => readAll(options, sampleRate, context),
    follower: {
      async onPlan({ clips, folds, reason, engine }) {
        for (const line of describeWork({ ...options, base, folds }, clips)) log.info(line);
        if (reason !== undefined) log.info(reason);
        if (engine !== undefined) log.info(`computing with the ${engine} engine`);
        parts = folds;
        bar = await progress.start("listening", clips);
      },
      onListening: (done) => bar?.update(done),
      async onHeard() {
        bar?.stop();
        bar = await progress.start("parts", parts);
      },
      onLearning: (done) => bar?.update(parts * done),
    },
  });
  bar?.stop();
  await Deno.mkdir(folder, { recursive: true });
  await writeFileAtomic(join(folder, "suspects.csv"), suspectsCsv(suspects));
  const shown = suspects.slice(0, top);
  await writeSuspectsPage(join(folder, "suspects.html"), { event, shown, clips, ledger: options.ledger });
  for (const { clip, label, suggestion, score } of shown) {
    print(`${score.toFixed(3)}  ${label}, or rather ${suggestion}?  ${clip.path}`);
  }
  const doubted = suspects.filter(({ doubt }) => doubt > 0.5).length;
  log.info(
    `${doubted} of ${clips.length} clips are scored against their label; listen: ${folder}/suspects.html`,
  );
  log.info(`correct one with: deno task review --relabel ${shown[0]?.suggestion ?? event} CLIP`);
  printJson({ clips: clips.length, doubted, folder, suspects: shown.map(plain) });
}

/** What will be done, and what would be faster. */
function describeWork(
  { base, method, folds, epochs }: SuspectOptions & { readonly base: string },
  count: number,
): string[] {
  const listening = `${base} listens to each of the ${count} clips`;
  if (method === "light") {
    return [
      `${listening}, which takes most of the time; then, three times over, a classifier learns from all but one of ` +
      `${folds} parts and scores that one`,
    ];
  }
  return [
    `${listening}; then a network learns for ${epochs} epochs from all but one of ${folds} parts and scores that one, ` +
    "minutes for each part; --method light takes seconds, fewer --folds or --epochs are faster, too",
  ];
}

async function readAll(
  options: SuspectOptions,
  sampleRate: number,
  { log, signal }: Context,
): Promise<Clip[]> {
  const { event, groupBy } = options;
  const plan = await planFolders({ ...options, event: [event] });
  const read = { log, signal, sampleRate, ...groupPattern(groupBy) };
  return [
    ...await loadClips(plan.positives[0]!.folders, read, event),
    ...await loadClips(plan.negatives, read),
  ];
}

function suspectsCsv(suspects: readonly LabelSuspect[]): string {
  return stringify([
    ["rank", "clip", "label", "suggestion", "score", "doubt", "nearest", "nearest_label", "likeness"],
    ...suspects.map(({ clip, label, suggestion, score, doubt, neighbours: [near] }, i) => [
      i + 1,
      clip.path,
      label,
      suggestion,
      score.toFixed(4),
      doubt.toFixed(4),
      near?.clip.path ?? "",
      near?.label ?? "",
      near?.likeness.toFixed(3) ?? "",
    ]),
  ]);
}

function plain({ clip, neighbours, index: _, ...rest }: LabelSuspect): Record<string, unknown> {
  return {
    clip: clip.path,
    ...rest,
    neighbours: neighbours.map(({ clip, label, likeness }) => ({ clip: clip.path, label, likeness })),
  };
}
