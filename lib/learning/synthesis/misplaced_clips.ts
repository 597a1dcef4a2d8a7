import { basename, join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";

/**
 * Moves a share of the clips that `writeTrainingClips()` wrote to the folder of the other class, as slips of the hand do,
 * to see whether they are found. What a clip really is stands in its name; a folder that has misplaced clips already is
 * left as it is.
 *
 * @param dir Holds `burp-audio` and `not-burp-audio`.
 * @returns File names of the misplaced clips.
 */
export async function misplaceClips(
  dir: string,
  { share, seed }: { readonly share: number; readonly seed: number | string },
): Promise<string[]> {
  const folders = ["burp-audio", "not-burp-audio"];
  const clips: { name: string; folder: string }[] = [];
  for (const folder of folders) {
    for await (const { name } of Deno.readDir(join(dir, folder))) clips.push({ name, folder });
  }
  const already = clips.filter(({ name, folder }) => folderOf(name) !== folder);
  if (already.length > 0) return already.map(({ name }) => name).sort();
  const wanted = Math.round(share * clips.length);
  const chosen = createRandom(seed)
    .shuffle(clips.toSorted((a, b) => a.name < b.name ? -1 : 1)).slice(0, wanted);
  for (const { name, folder } of chosen) {
    await Deno.rename(join(dir, folder, name), join(dir, folders.find((other) => other !== folder)!, name));
  }
  return chosen.map(({ name }) => name).sort();
}

/** Where a synthetic clip belongs by its name. */
function folderOf(name: string): string {
  return basename(name).endsWith("-burp.wav") ? "burp-audio" : "not-burp-audio";
}
