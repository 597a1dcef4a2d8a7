import { join } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { NOTEBOOKS_FOLDER } from "tasks/notebooks/find_notebooks.ts";
import { NOTEBOOK_METADATA } from "tasks/setup/kernelspec.ts";

/**
 * A notebook as it is committed: without outputs, counts and the metadata that editors leave. Its text and code stay.
 * @throws {SyntaxError} when it is no notebook.
 */
export function cleanNotebook(text: string): string {
  const notebook: unknown = JSON.parse(text);
  if (!isRecord(notebook) || !Array.isArray(notebook["cells"])) {
    throw new SyntaxError("Cannot clean the notebook: it has no cells");
  }
  const cells = notebook["cells"].filter(isRecord).map((cell) => ({
    ...cell,
    metadata: {},
    ...(cell["cell_type"] === "code" ? { execution_count: null, outputs: [] } : {}),
  }));
  return `${JSON.stringify({ ...notebook, cells, metadata: NOTEBOOK_METADATA }, undefined, 1)}\n`;
}

/** Cleans notebooks in place; gives the names of those that were not clean. */
export async function cleanNotebooks(names: readonly string[]): Promise<string[]> {
  const changed: string[] = [];
  for (const name of names) {
    const path = join(NOTEBOOKS_FOLDER, `${name}.ipynb`);
    const text = await Deno.readTextFile(path);
    const clean = cleanNotebook(text);
    if (JSON.stringify(JSON.parse(text)) === JSON.stringify(JSON.parse(clean))) continue;
    await writeFileAtomic(path, clean);
    changed.push(name);
  }
  return changed;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
