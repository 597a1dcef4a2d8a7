import { basename, join } from "node:path";
import { findClipFiles } from "lib/learning/dataset/clip_files.ts";
import { runDeno } from "tasks/bench/bench_context.ts";
import type { KnownStream } from "tasks/bench/known_streams.ts";

/** As many clips as somebody has after a first look. */
const CLIPS = 12;
const PERMISSIONS = ["read", "write", "run", "env", "sys", "ffi"].map((name) => `--allow-${name}`);

/**
 * Trains a model from twelve clips as `deno task train` does by default, where there is none yet.
 *
 * @param folder Gets a folder `<event>` for each model.
 * @returns Its folder.
 */
export async function twelveClipModel(
  { name, event, clips }: Pick<KnownStream, "name" | "event" | "clips">,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const model = join(folder, name.startsWith("synthetic") ? `synthetic-${event}` : event);
  if (await Deno.stat(join(model, "manifest.json")).then(() => true, () => false)) return model;
  if (!clips) throw new RangeError(`there are no clips of ${event} to train on: name them with --clips`);
  await Deno.mkdir(folder, { recursive: true });
  const chosen = await Deno.makeTempDir({ prefix: "twelve-" });
  try {
    for (const path of spread((await findClipFiles(clips.positives)).paths, CLIPS)) {
      await Deno.copyFile(path, join(chosen, basename(path)));
    }
    await runDeno([
      ...[...PERMISSIONS, "tasks/train.ts", "--quiet", "--event", event, "--positives", chosen],
      ...clips.negatives.flatMap((negatives) => ["--negatives", negatives]),
      ...["--output", model],
    ], { signal });
  } finally {
    await Deno.remove(chosen, { recursive: true });
  }
  return model;
}

/** Some of many, at even distances in the order of names. */
export function spread<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, i) => all[Math.floor((i + 0.5) * all.length / count)]!);
}
