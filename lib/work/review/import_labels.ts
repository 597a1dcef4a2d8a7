import { join } from "node:path";
import { type Clock, systemClock } from "lib/base/system/clock.ts";
import {
  importClips,
  importFiles,
  type ImportJob,
  importSorted,
} from "lib/learning/dataset/import_labels.ts";
import { createLabelId } from "lib/learning/dataset/label_id.ts";
import type { ImportConflict } from "lib/learning/dataset/plan_import.ts";

/** What an import did. */
interface LabelImport {
  /** What to take it back with. */
  readonly id: string;
  readonly added: number;
  readonly corrections: number;
  readonly known: number;
  /** Files that could not be read. */
  readonly bad: number;
  /** Contradictions that were left as they are. */
  readonly conflicts: readonly ImportConflict[];
}

/** What to import, and for whom. */
export interface LabelImportOptions extends Omit<ImportJob, "provenance"> {
  readonly clock?: Clock | undefined;
}

/**
 * Reads labels into the ledger.
 *
 * @param files Files and clip folders; without any, the found clips that somebody sorted, then the clip folders of the project.
 * @throws {SyntaxError} If a file is not what it seems to be; {RangeError} if it does not say what it is about.
 */
export async function importLabels(
  files: readonly string[] | undefined,
  { clock = systemClock, ...rest }: LabelImportOptions,
): Promise<LabelImport> {
  const id = createLabelId(clock.now(), crypto.getRandomValues(new Uint8Array(10)));
  const job: ImportJob = { ...rest, provenance: { import: id } };
  const outcomes = files
    ? [await importFiles(files, job)]
    : [await importSorted(job), await importClips(job)];
  const sum = (count: (outcome: typeof outcomes[number]) => number) =>
    outcomes.reduce((total, outcome) => total + count(outcome), 0);
  return {
    id,
    added: sum(({ add }) => add.length),
    corrections: sum(({ corrections }) => corrections),
    known: sum(({ known }) => known),
    bad: sum(({ bad }) => bad),
    conflicts: outcomes.flatMap(({ conflicts }) => conflicts),
  };
}

/**
 * Imports a text, by way of a file of its name that nobody else sees.
 *
 * @throws As {@linkcode importLabels} does.
 */
export async function importText(
  { name, text }: { readonly name: string; readonly text: string },
  options: LabelImportOptions,
): Promise<LabelImport> {
  const folder = await Deno.makeTempDir({ prefix: "label-import-" });
  try {
    const path = join(folder, name.replaceAll(/[^\p{L}\p{N}._-]/gu, "_").replace(/^\.+/, "") || "labels.txt");
    await Deno.writeTextFile(path, text);
    return await importLabels([path], options).catch((error) => {
      if (error instanceof Error) error.message = error.message.replaceAll(path, name);
      throw error;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
