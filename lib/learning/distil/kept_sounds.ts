import { dirname } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { readIfThere } from "lib/base/system/if_there.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { readArrays, writeArrays } from "lib/learning/train/array_file.ts";

/** Reads sounds from a file, or makes them and writes it: making them takes minutes. */
export async function keptSounds(
  path: string,
  make: () => Promise<readonly Clip[]>,
): Promise<readonly Clip[]> {
  const bytes = await readIfThere(path);
  if (bytes) {
    return [...readArrays(bytes).arrays].map(([key, samples]) => {
      const [, name = "", group = ""] = key.split("\n");
      return { name, path: name, group, samples };
    });
  }
  const sounds = await make();
  await Deno.mkdir(dirname(path), { recursive: true });
  // Numbered, since a sound and its copy through a codec have one name.
  const arrays = sounds.map(({ name, group, samples }, i) =>
    [`${i}\n${name}\n${group}`, samples.subarray()] as const
  );
  await writeFileAtomic(path, writeArrays({ format: 1 }, arrays));
  return sounds;
}
