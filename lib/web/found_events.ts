import { dirname, join } from "node:path";
import { readSearchRecord, type SearchRecord } from "lib/detect/search_record.ts";
import { readCsvEvents } from "lib/events/csv_events.ts";
import type { EventRow } from "lib/events/sound_event.ts";

/** What one search, or one session of the bot, kept. */
export interface FoundEvents {
  readonly folder: string;
  /** Whether the bot heard them live; its folders hold its detections with their scores. */
  readonly isBot: boolean;
  readonly rows: readonly EventRow[];
  /** What was searched and how, where that is known. */
  readonly record: SearchRecord | undefined;
}

const MAX_DEPTH = 6;
/** What the bot writes beside the events. */
const BOT_FILE = "detections.jsonl";

/** Everything below a folder of found events, by folder. */
export async function readFoundEvents(root: string): Promise<FoundEvents[]> {
  const found: FoundEvents[] = [];
  for (const file of await findEventFiles(root)) {
    const folder = dirname(file);
    found.push({
      folder,
      isBot: await Deno.stat(join(folder, BOT_FILE)).then(({ isFile }) => isFile, () => false),
      rows: await readRows(file),
      record: await readSearchRecord(folder),
    });
  }
  return found;
}

async function findEventFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  const visit = async (folder: string, depth: number) => {
    try {
      for await (const entry of Deno.readDir(folder)) {
        // Links are not followed: they could lead out, or round for ever.
        if (entry.isDirectory && depth < MAX_DEPTH) await visit(join(folder, entry.name), depth + 1);
        else if (entry.isFile && entry.name === "events.csv") files.push(join(folder, entry.name));
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  };
  await visit(root, 0);
  return files.sort();
}

/** Rows of a file that a person may have changed: one that cannot be read is none to review. */
async function readRows(file: string): Promise<EventRow[]> {
  try {
    return readCsvEvents(await Deno.readTextFile(file));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
