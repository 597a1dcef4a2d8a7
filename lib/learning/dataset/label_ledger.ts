import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { type Clock, systemClock } from "lib/base/system/clock.ts";
import { withLock } from "lib/base/system/lock.ts";
import { currentLabels } from "lib/learning/dataset/current_labels.ts";
import {
  type LabelEntry,
  labelEntrySchema,
  type LabelSource,
  type NewLabel,
  type UndoEntry,
} from "lib/learning/dataset/label_entry.ts";
import { createLabelId } from "lib/learning/dataset/label_id.ts";
import { createLedgerParser, type LedgerContent } from "lib/learning/dataset/ledger_text.ts";
import { selectForUndo, type UndoTarget } from "lib/learning/dataset/undo_target.ts";

export type { LabelEntry, LabelSource, NewLabel, UndoEntry } from "lib/learning/dataset/label_entry.ts";
export type { LedgerContent, TornLine } from "lib/learning/dataset/ledger_text.ts";
export type { UndoTarget } from "lib/learning/dataset/undo_target.ts";

/**
 * The labels of a project, which are only ever added to. Several programs may write at once. Reading takes no lock, since what is
 * there never changes. Where they are kept is the business of whoever opens them.
 */
export interface LabelLedger {
  /** What people know it by, for messages. */
  readonly name: string;
  /** Grows with every line, by whomever: what was read before holds as long as this stays the same. */
  revision(): Promise<number>;
  /**
   * All that was ever written; nothing if there is no file yet.
   * @throws {SyntaxError} With the line number, if a line is no entry and was not cut short by a crash.
   */
  entries(): Promise<LedgerContent>;
  /** The labels that hold now, with corrections and undos applied. */
  current(): Promise<LabelEntry[]>;
  /**
   * Adds labels; they are on the disk when this returns. Ids and times are added where they are not given.
   *
   * @returns The entries as they were written.
   * @throws {TypeError} If one is no valid entry.
   * @throws {RangeError} If an id is there already, or what an entry replaces is not.
   */
  append(labels: readonly NewLabel[]): Promise<LabelEntry[]>;
  /**
   * Adds what `decide` makes of the content, and of the labels that hold, while no other program can write, so that nothing is added twice:
   * `update(({ entries }) => candidates.filter((c) => !entries.some((e) => e.clip === c.clip)))`.
   */
  update(
    decide: (content: LedgerContent, current: readonly LabelEntry[]) => readonly NewLabel[],
  ): Promise<LabelEntry[]>;
  /**
   * Takes labels back by adding a line for each.
   *
   * @param target An id, several, or which of the last labels that hold.
   * @param who Who takes them back.
   * @returns The lines that were added, in the order in which they were applied: the newest label first.
   * @throws {RangeError} If an id is not in the ledger or is taken back already.
   */
  undo(target: UndoTarget, who: LabelSource): Promise<UndoEntry[]>;
  /** What an entry's `clip` says for a file. */
  clipName(path: string): string;
  /** Where the file of an entry's `clip` is. */
  clipPath(clip: string): string;
}

/** Labels in a file, one JSON object a line. */
export interface LedgerFile extends LabelLedger {
  readonly path: string;
}

/** What a ledger takes from outside. */
interface LedgerOptions {
  readonly clock?: Clock | undefined;
  /** Gives `count` random bytes for a new id; must never repeat in another program that writes to the same ledger. */
  readonly randomBytes?: (count: number) => Uint8Array;
  /** How long to wait for other writers, in milliseconds; 10,000 by default. */
  readonly lockTimeoutMs?: number;
}

/** Where the labels of a project are, seen from its folder. */
export const DEFAULT_LEDGER_PATH = "data/labels.jsonl";

/** Opens a ledger. The file and its folder appear with the first label. */
export function openLedger(path: string, options: LedgerOptions = {}): LedgerFile {
  const { clock = systemClock, lockTimeoutMs = 10_000 } = options;
  const randomBytes = options.randomBytes ?? ((count) => crypto.getRandomValues(new Uint8Array(count)));
  const folder = dirname(path);
  const stamp = () => {
    const now = clock.now();
    return { id: createLabelId(now, randomBytes(10)), time: new Date(now).toISOString() };
  };
  const parse = createLedgerParser(path);
  const read = async () => parse(await readText(path));
  const locked = async <T>(run: () => Promise<T>): Promise<T> => {
    await Deno.mkdir(folder, { recursive: true });
    const lockPath = join(folder, `.${basename(path)}.lock`);
    return await withLock(lockPath, run, { clock, timeoutMs: lockTimeoutMs });
  };
  const write = async (labels: readonly NewLabel[], content?: LedgerContent): Promise<LabelEntry[]> => {
    const entries = labels.map((label) => checkEntry({ ...stamp(), ...label }));
    if (labels.some((label) => label.id !== undefined || label.replaces !== undefined)) {
      checkReferences(entries, content ?? await read());
    }
    await appendLines(path, entries);
    return entries;
  };

  return {
    path,
    name: path,
    revision: () => Deno.stat(path).then(({ size }) => size, () => 0),
    entries: read,
    current: async () => currentLabels(await read()),
    append: (labels) => locked(() => write(labels)),
    update: (decide) =>
      locked(async () => {
        const content = await read();
        return await write(decide(content, currentLabels(content)), content);
      }),
    undo: (target, who) =>
      locked(async () => {
        const undos = selectForUndo(await read(), target).map((undoes): UndoEntry => ({
          ...stamp(),
          undoes,
          source: who,
        }));
        await appendLines(path, undos);
        return undos;
      }),
    clipName: (clip) => relative(resolve(folder), resolve(clip)).replaceAll("\\", "/"),
    clipPath: (clip) => isAbsolute(clip) ? clip : join(folder, clip),
  };
}

function checkEntry(entry: LabelEntry): LabelEntry {
  const parsed = labelEntrySchema.safeParse(entry);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new TypeError(
    `Cannot add this label: ${issue?.path.join(".") || "the entry"}: ${issue?.message} (${
      JSON.stringify(entry).slice(0, 200)
    })`,
  );
}

function checkReferences(entries: readonly LabelEntry[], content: LedgerContent): void {
  const ids = new Set([...content.entries, ...content.undos].map((entry) => entry.id));
  const labels = new Set(content.entries.map((entry) => entry.id));
  for (const { id, replaces } of entries) {
    if (ids.has(id)) {
      throw new RangeError(`Cannot add a label with the id ${id}: it is in the ledger already`);
    }
    if (replaces !== undefined && !labels.has(replaces)) {
      throw new RangeError(`Cannot correct the label ${replaces}: it is not in the ledger`);
    }
    ids.add(id);
    labels.add(id);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** Writes lines at the end, on a new line even after a line that was cut short, and all of them or none. */
async function appendLines(path: string, lines: readonly object[]): Promise<void> {
  if (lines.length === 0) return;
  // An empty file first, whose name is on the disk before anything is in it.
  if (!await Deno.stat(path).then(() => true, () => false)) await writeFileAtomic(path, "");
  using file = await Deno.open(path, { read: true, write: true });
  const { size } = await file.stat();
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const bytes = new TextEncoder().encode(await endsInsideLine(file, size) ? `\n${text}` : text);
  await file.seek(size, Deno.SeekMode.Start);
  try {
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
    await file.sync();
  } catch (error) {
    // A full disk: what was there stays as it was.
    await file.truncate(size);
    throw error;
  }
}

async function endsInsideLine(file: Deno.FsFile, size: number): Promise<boolean> {
  if (size === 0) return false;
  const last = new Uint8Array(1);
  await file.seek(size - 1, Deno.SeekMode.Start);
  await file.read(last);
  return last[0] !== 0x0a;
}
