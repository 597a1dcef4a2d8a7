import type { LabelEntry, LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import { parseLabel } from "lib/learning/dataset/label_name.ts";
import { annotatedRegions, isAnnotatedRegion } from "lib/web/pages/annotated_regions.ts";
import type { CandidateList, Region, RegionList, RegionsResult } from "lib/web/pages/api_recordings.ts";
import type { regionsSchema } from "lib/web/pages/api_recordings.ts";
import type { FoundEvents } from "lib/work/search/found_events.ts";
import { HttpProblem } from "lib/web/pages/http_problem.ts";
import type { Labeler } from "lib/web/pages/labeler.ts";
import { type PageLabels, roundToMs, toAnswer } from "lib/web/pages/labels_of_page.ts";
import type { RecordingFile } from "lib/web/pages/recording_files.ts";
import type { OpenRecording } from "lib/web/pages/recording_media.ts";
import type { z } from "zod";

/**
 * The labels that hold in a recording, by time, with those of an event file beside it. What chat is not sure of is no label
 * yet but a candidate.
 */
export async function listRegions(
  { ledger, labels, options }: Pick<Labeler, "ledger" | "labels" | "options">,
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
 * @throws {HttpProblem} `conflict` if something that is to be corrected does not hold any more.
 */
export async function writeRegions(
  { file, duration }: OpenRecording,
  labels: PageLabels,
  { regions }: Pick<z.output<typeof regionsSchema>, "regions">,
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
          throw new HttpProblem("conflict", "this region was changed elsewhere meanwhile", [
            ...byId.values().map((entry) => toAnswer(entry)),
          ]);
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
