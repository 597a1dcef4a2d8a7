/** What notebooks do on demo data; `deno task notebooks` sets both variables. */
import { writeTrainingClips } from "lib/synthesis/training_clips.ts";

/**
 * Whether the notebooks run as a check of themselves, which wants small settings, or for a reader.
 * Use it for numbers alone, as in `const epochs = quick ? 2 : 12`: both must show the same outputs.
 */
export const quick: boolean = (Deno.env.get("NOTEBOOKS_QUICK") ?? "") !== "";

/**
 * Folder for what a notebook makes of demo data: `data/demo/<name>`, and an empty one of its own in a headless run.
 * What is in it may be deleted at any time.
 */
export function demoFolder(name: string): string {
  return `${Deno.env.get("NOTEBOOKS_FOLDER") || "data/demo"}/${name}`;
}

/** Synthesises clips of burps and of other sounds into a folder, unless they are there; gives the folder. */
export async function demoClips(
  dir: string,
  counts: { readonly positives: number; readonly negatives: number },
): Promise<string> {
  const isThere = await Deno.stat(dir).then(() => true, () => false);
  if (!isThere) await writeTrainingClips(dir, { seed: "demo", ...counts });
  return dir;
}
