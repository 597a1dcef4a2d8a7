import { basename, join } from "node:path";
import { z } from "zod";
import type { EventRow } from "lib/base/events/sound_event.ts";
import type { ReviewedScore } from "lib/base/metrics/score_calibration.ts";
import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import { notLabel } from "lib/learning/dataset/label_name.ts";
import { recordingGroup } from "lib/learning/dataset/ledger_groups.ts";
import { readFoundEvents } from "lib/work/search/found_events.ts";
import type { SearchRecord } from "lib/work/search/search_record.ts";
import { ledgerOf } from "tasks/train/training_clips.ts";

const SEARCH = z.looseObject({ models: z.array(z.looseObject({ modelSha256: z.string() })).length(1) });

/**
 * What people answered on the label page about events that a model found: of each its score, and whether it is right.
 * Searches with other models, or with several, gave other scores.
 *
 * @param data Folder with `found` and the ledger.
 * @throws {RangeError} If there are none.
 */
export async function answeredEvents(
  data: string,
  event: string,
  modelSha256: string,
): Promise<ReviewedScore[]> {
  const ledger = ledgerOf(data);
  const answers = (await ledger.current()).filter(({ source, label }) =>
    source.kind === "person" && (label === event || label === notLabel(event))
  );
  const reviewed = new Map<LabelEntry, ReviewedScore>();
  for (const { folder, rows, record } of await readFoundEvents(join(data, "found"))) {
    if (!isOfModel(record, modelSha256)) continue;
    for (const row of rows) {
      if (row.label !== event || row.score === undefined) continue;
      const clip = row.clip === undefined
        ? undefined
        : ledger.clipName(join(folder, "clips", basename(row.clip)));
      const answer = answers.find((entry) => isAbout(entry, row, clip));
      if (answer) reviewed.set(answer, { score: row.score, right: answer.label === event });
    }
  }
  if (reviewed.size > 0) return [...reviewed.values()];
  throw new RangeError(
    `no answers about what this model found: search recordings with it (deno task find), and answer on the page ` +
      "(deno task label --source found)",
  );
}

function isOfModel(record: SearchRecord | undefined, modelSha256: string): boolean {
  const search = SEARCH.safeParse(record?.search);
  return search.success && search.data.models[0]!.modelSha256 === modelSha256;
}

/** Whether a label is about an event: its clip, or the same part of the recording. */
function isAbout(entry: LabelEntry, row: EventRow, clip: string | undefined): boolean {
  if (clip !== undefined && entry.clip === clip) return true;
  if (row.recording === undefined || recordingGroup(row.recording) !== recordingGroup(entry.recording)) {
    return false;
  }
  const shared = Math.min(entry.offset, row.offset) - Math.max(entry.onset, row.onset);
  return shared > 0 && shared >= 0.5 * Math.min(entry.offset - entry.onset, row.offset - row.onset);
}
