import { exists } from "lib/base/system/exists.ts";

/** The path itself where nothing is there, else the first of `path-2`, `path-3` and so on that is free. */
export async function freeFolder(path: string): Promise<string> {
  let folder = path;
  for (let number = 2; await exists(folder); number++) folder = `${path}-${number}`;
  return folder;
}
