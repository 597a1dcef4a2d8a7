import { join } from "node:path";
import { leadsSomewhere } from "lib/base/system/exists.ts";
import { UsageError } from "tasks/command.ts";

/** Which folders hold the clips of which event. */
export interface FolderPlan {
  readonly positives: readonly { readonly event: string; readonly folders: readonly string[] }[];
  readonly negatives: readonly string[];
}

/**
 * What the options say, else what is there by convention.
 *
 * @param answered Events that people gave answers about: their clips may lie anywhere.
 * @throws {Deno.errors.NotFound} If a folder that the options name is not there.
 * @throws {UsageError} If the options name too few, and none are there by convention.
 */
export async function planFolders(given: {
  readonly event: readonly string[];
  readonly positives: readonly string[];
  readonly negatives: readonly string[];
  readonly data?: string;
}, answered: readonly string[] = []): Promise<FolderPlan> {
  const { event, positives, negatives } = given;
  if (new Set(event).size < event.length) throw new UsageError("--event names the same sound twice");
  if (positives.length > 0 && positives.length !== event.length) {
    throw new UsageError(
      `--positives is given ${positives.length} times for ${event.length} --event: one folder each`,
    );
  }
  for (const [option, folders] of [["--positives", positives], ["--negatives", negatives]] as const) {
    for (const folder of folders) {
      if (await leadsSomewhere(folder)) continue;
      throw new Deno.errors.NotFound(`${option} ${folder}: there is no such folder of clips`);
    }
  }
  const defaults = await defaultFolders(event, join(given.data ?? "data", "clips"));
  const plan: FolderPlan = {
    positives: positives.length > 0
      ? event.map((name, i) => ({ event: name, folders: [positives[i]!] }))
      : defaults.positives,
    negatives: negatives.length > 0 ? negatives : defaults.negatives,
  };
  for (const { event: name, folders } of plan.positives) {
    if (folders.length === 0 && !answered.includes(name)) {
      throw new UsageError(
        `no clips of ${name}: put WAV files into data/clips/${name}-audio, or name a folder with --positives`,
      );
    }
  }
  if (plan.negatives.length === 0 && answered.length === 0) {
    throw new UsageError(
      `no negative clips: put WAV files into data/clips/not-${
        event[0]
      }-audio, or name folders with --negatives`,
    );
  }
  await refuseSharedFolders(plan);
  return plan;
}

/** @throws {UsageError} If one folder, or one in another, stands for several classes, also by way of links. */
async function refuseSharedFolders({ positives, negatives }: FolderPlan): Promise<void> {
  const named = [
    ...positives.flatMap(({ event, folders }) => folders.map((folder) => ({ folder, kind: event }))),
    ...negatives.map((folder) => ({ folder, kind: "negatives" })),
  ];
  const real = await Promise.all(
    named.map(async (one) => ({ ...one, path: join(await Deno.realPath(one.folder), "/") })),
  );
  for (const [index, one] of real.entries()) {
    const other = real.slice(0, index).find(({ path, kind }) =>
      kind !== one.kind && (path.startsWith(one.path) || one.path.startsWith(path))
    );
    if (other === undefined) continue;
    const what = other.path === one.path ? "is named" : `and ${other.folder}, one in the other, are named`;
    throw new UsageError(
      `${one.folder} ${what} as clips of ${other.kind} and as ${one.kind}: one of the two is wrong`,
    );
  }
}

/** Folders by convention: `<event>-audio` or `<event>s-audio`, and `not-…`, in `data/clips` or in the project's folder. */
async function defaultFolders(events: readonly string[], clips: string): Promise<FolderPlan> {
  const positives = [];
  const negatives: string[] = [];
  for (const event of events) {
    positives.push({
      event,
      folders: await existing([join(clips, `${event}-audio`), `${event}s-audio`]),
    });
    negatives.push(...await existing([join(clips, `not-${event}-audio`), `not-${event}s-audio`]));
  }
  return { positives, negatives };
}

async function existing(folders: readonly string[]): Promise<string[]> {
  const found = [];
  for (const folder of folders) {
    if (await Deno.stat(folder).then((info) => info.isDirectory, () => false)) found.push(folder);
  }
  return found;
}
