import type { LabelEntry, LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import { parseLabel } from "lib/learning/dataset/label_name.ts";
import type { UndoResult } from "lib/work/review/answers.ts";
import { annotatedRegions, isAnnotatedRegion } from "lib/work/review/annotated_regions.ts";
import type { FoundEvents } from "lib/work/search/found_events.ts";
import { ReviewError } from "lib/work/review/review_error.ts";
import type { Review } from "lib/work/review/open_review.ts";
import { type ReviewLabels, roundToMs, toAnswer } from "lib/work/review/review_labels.ts";
import type { RecordingFile } from "lib/work/review/recording_files.ts";
import type { CandidateList, NewRegion, Region, RegionList, RegionsResult } from "lib/work/review/regions.ts";

/**
 * The labels that hold in a recording, by time, with those of an event file beside it. What chat is not sure of is no label
 * yet but a candidate.
 */
export async function listRegions(
  { ledger, labels, options }: Pick<Review, "ledger" | "labels" | "options">,
  file: RecordingFile,
): Promise<RegionList> {
  // The page knows recordings by id, the ledger by their names.
  const { names } = file;
  const revision = await labels.revision();
  const current = (await ledger.current()).filter((entry) =>
    names.has(entry.recording) && !isUndecided(entry)
  );
  const known = byTime(current).map(toRegion);
  const annotated = await annotatedRegions(file, known, { event: options.events[0]! });
  return { revision, regions: byTime([...known, ...annotated]) };
}

/**
 * Adds and corrects regions; they are on the disk when this returns.
 *
 * @throws {ReviewError} `conflict` if something that is to be corrected does not hold any more.
 */
export async function writeRegions(
  { file, duration }: { readonly file: RecordingFile; readonly duration: number },
  labels: ReviewLabels,
  regions: readonly NewRegion[],
): Promise<RegionsResult> {
  const [first] = regions;
  const { entries, written } = await labels.write(
    regions.map(({ id }) => id),
    (_, current) => {
      const byId = new Map(current.filter((entry) => file.names.has(entry.recording)).map((e) => [e.id, e]));
      return regions.map(({ id, label, onset, offset, replaces: replaced }) => {
        // Of a label in a file, the ledger has nothing that could be replaced.
        const replaces = replaced !== null && isAnnotatedRegion(replaced) ? null : replaced;
        const before = replaces === null ? undefined : byId.get(replaces);
        if (replaces !== null && !before) {
          throw new ReviewError("conflict", "this region was changed elsewhere meanwhile", {
            current: [...byId.values().map((entry) => toAnswer(entry))],
          });
        }
        // An import can be taken back; the person's correction is not part of it. Its clip has other bounds.
        const { import: _import, ...kept } = before?.provenance ?? {};
        return {
          id,
          recording: before?.recording ?? file.ledgerName,
          onset: roundToMs(Math.min(onset, duration)),
          offset: roundToMs(Math.min(offset, duration)),
          label,
          source: labels.source,
          ...(replaces === null ? {} : { replaces }),
          provenance: { ...kept, step: first!.id },
        };
      });
    },
    (entry, i) =>
      entry.label === regions[i]!.label && entry.onset === roundToMs(Math.min(regions[i]!.onset, duration)),
  );
  return { regions: byTime(entries).map(toRegion), written, revision: await labels.revision() };
}

/**
 * Takes regions back, all or none.
 *
 * @throws {ReviewError} If there is no such recording or label, or it stands in a file beside the recording.
 */
export async function undoRegions(
  { recordings, labels }: Pick<Review, "recordings" | "labels">,
  recording: string,
  ids: readonly string[],
  options: { readonly withCorrected?: boolean } = {},
): Promise<UndoResult> {
  const file = await recordings.byId(recording);
  if (!file) throw new ReviewError("not-found", "there is no such recording any more");
  if (ids.some(isAnnotatedRegion)) {
    throw new ReviewError("conflict", "this label stands in the file beside the recording: remove it there");
  }
  const undone = await labels.undo(ids, (entry) => file.names.has(entry.recording), options);
  const progress = { total: 0, answered: 0, left: 0 };
  return { items: [], undone, revision: await labels.revision(), progress };
}

/** Where something may be to label: what searches found, and what chat named. */
export async function listCandidates(
  ledger: LabelLedger,
  found: readonly FoundEvents[],
  { names, events }: { readonly names: ReadonlySet<string>; readonly events: readonly string[] },
): Promise<CandidateList> {
  const current = (await ledger.current()).filter((entry) => names.has(entry.recording));
  const decided = current.filter(({ source }) => source.kind === "person");
  const isDone = ({ onset, offset }: { onset: number; offset: number }) =>
    decided.some((entry) => entry.onset < offset && onset < entry.offset);
  const candidates = [
    ...found.flatMap(({ rows, isBot }) =>
      rows.filter((row) => names.has(row.recording ?? "") && events.includes(row.label)).map((row) => ({
        onset: row.onset,
        offset: row.offset,
        label: row.label,
        ...(row.score === undefined ? {} : { score: row.score }),
        why: isBot ? "heard by the bot" : "found by a search",
        done: isDone(row),
      }))
    ),
    ...current.filter((entry) => entry.source.kind === "chat" || isUndecided(entry)).map((entry) => ({
      onset: entry.onset,
      offset: entry.offset,
      why: "named in chat",
      label: eventOf(entry) ?? events[0]!,
      done: isDone(entry),
    })),
  ];
  return { candidates: byTime(candidates) };
}

function toRegion(entry: LabelEntry): Region {
  const { id, onset, offset, label, source } = toAnswer(entry);
  return { id, onset, offset, label, source };
}

function isUndecided({ label, source }: LabelEntry): boolean {
  return label === "unsure" && source.kind !== "person";
}

function eventOf({ label, provenance }: LabelEntry): string | undefined {
  const meaning = parseLabel(label);
  if ("event" in meaning) return meaning.event;
  const event = provenance?.["event"];
  return typeof event === "string" ? event : undefined;
}

function byTime<Item extends { readonly onset: number; readonly offset: number }>(
  items: readonly Item[],
): Item[] {
  return items.toSorted((a, b) => a.onset - b.onset || a.offset - b.offset);
}
