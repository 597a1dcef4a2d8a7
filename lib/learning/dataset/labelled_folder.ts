import { basename, join } from "node:path";
import { notLabel } from "lib/learning/dataset/label_name.ts";

/** Where clips of an event and of everything else are kept, seen from the folder of clips. */
export function clipFolderName(label: string): string {
  return `${label}-audio`;
}

/**
 * The label that a folder's name gives the clips in it: `burp-audio`, `burps-audio`, `burps` and `burp` hold burps;
 * with `not-` or `non-` in front, anything else. Undefined for other folders.
 *
 * @param events Names of the events that are known.
 */
export function folderLabel(folder: string, events: readonly string[]): string | undefined {
  const name = basename(folder).normalize("NFC").toLowerCase().replace(/[-_]audio$/, "");
  const stem = name.replace(/^(not|non)[-_]/, "");
  const event = events.find((known) => {
    const word = known.normalize("NFC").toLowerCase();
    return stem === word || stem === `${word}s` || stem === `${word}es`;
  });
  if (event === undefined) return undefined;
  return stem === name ? event : notLabel(event);
}

/** A folder of clips that all have the same label. */
export interface LabelledFolder {
  readonly path: string;
  readonly label: string;
}

/**
 * Finds folders whose names say what their clips are, at any depth; links to folders are not followed.
 * @returns Sorted by path; none if there is no such root.
 */
export async function findLabelledFolders(
  root: string,
  events: readonly string[],
): Promise<LabelledFolder[]> {
  const found: LabelledFolder[] = [];
  const visit = async (folder: string) => {
    const names: string[] = [];
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isDirectory && !entry.name.startsWith(".")) names.push(entry.name);
    }
    for (const name of names.sort()) {
      const path = join(folder, name);
      const label = folderLabel(name, events);
      if (label === undefined) await visit(path);
      else found.push({ path, label });
    }
  };
  try {
    await visit(root);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found;
}
