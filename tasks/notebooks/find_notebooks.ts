import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the project's notebooks. */
export const NOTEBOOKS_FOLDER: string = join(
  dirname(dirname(dirname(fileURLToPath(import.meta.url)))),
  "notebooks",
);

/** Names of the notebooks, without their ending, in the order in which they are read. */
export async function findNotebooks(folder: string = NOTEBOOKS_FOLDER): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isFile && entry.name.endsWith(".ipynb")) names.push(entry.name.slice(0, -".ipynb".length));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.toSorted();
}
