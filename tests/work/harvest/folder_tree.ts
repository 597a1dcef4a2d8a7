import { join } from "node:path";

/** All files below a folder by their paths, as text of one character a byte; lock files are left out. */
export async function listTree(folder: string, below = ""): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const entry of Deno.readDir(join(folder, below))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory) {
      for (const [name, bytes] of await listTree(folder, path)) files.set(name, bytes);
    } else if (!entry.name.endsWith(".lock")) {
      files.set(path, new TextDecoder("latin1").decode(await Deno.readFile(join(folder, path))));
    }
  }
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
}
