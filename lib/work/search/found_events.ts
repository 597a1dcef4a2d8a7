import { join } from "node:path";
import { readCsvEvents } from "lib/base/events/csv_events.ts";
import { decodeText } from "lib/base/events/decode_text.ts";
import type { EventRow } from "lib/base/events/sound_event.ts";
import { readSearchRecord, RECORD_FILE, type SearchRecord } from "lib/work/search/search_record.ts";

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
const EVENTS_FILE = "events.csv";
/** What the bot writes beside the events; its folders are known by it. */
const BOT_FILE = "detections.jsonl";

/** Everything below a folder of found events, by folder. */
export async function readFoundEvents(root: string): Promise<FoundEvents[]> {
  const found: FoundEvents[] = [];
  for (const folder of await findFolders(root)) {
    const record = await readSearchRecord(folder);
    // A search that was asked for other formats says what it found in its record.
    const rows = await readRows(join(folder, EVENTS_FILE)) ??
      record?.events.map((event) => ({ ...event, recording: record.recording }));
    if (!rows) continue;
    const isBot = await Deno.stat(join(folder, BOT_FILE)).then(({ isFile }) => isFile, () => false);
    found.push({ folder, isBot, rows, record });
  }
  return found;
}

/** Folders with events in a file or in a record. */
async function findFolders(root: string): Promise<string[]> {
  const folders = new Set<string>();
  const visit = async (folder: string, depth: number) => {
    try {
      for await (const entry of Deno.readDir(folder)) {
        // Links are not followed: they could lead out, or round for ever.
        if (entry.isDirectory && depth < MAX_DEPTH) await visit(join(folder, entry.name), depth + 1);
        else if (entry.isFile && [EVENTS_FILE, RECORD_FILE].includes(entry.name)) folders.add(folder);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  };
  await visit(root, 0);
  return [...folders].sort();
}

/** Rows of a file that a person may have changed: one that cannot be read is none to review. Undefined without a file. */
async function readRows(file: string): Promise<EventRow[] | undefined> {
  try {
    return readCsvEvents(decodeText(await Deno.readFile(file)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
