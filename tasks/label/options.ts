import { DEFAULT_LEDGER_PATH } from "lib/learning/dataset/label_ledger.ts";
import { checkEventName } from "lib/learning/dataset/label_name.ts";
import { DEFAULT_REVIEW } from "lib/work/review/open_review.ts";
import { type OptionTable, UsageError } from "tasks/command.ts";

/** Options that the parts of `label` share. */
export const LEDGER_OPTIONS = {
  ledger: {
    type: "string",
    path: true,
    value: "FILE",
    default: DEFAULT_LEDGER_PATH,
    help: "the file with the labels",
  },
  event: {
    type: "list",
    value: "NAME",
    default: ["burp"],
    help: "the sound that the labels are about; several where clip folders of each are to be found",
  },
} as const satisfies OptionTable;

/** Where sounds lie that are to be labelled. */
export const PLACE_OPTIONS = {
  found: {
    type: "string",
    path: true,
    value: "DIR",
    default: DEFAULT_REVIEW.foundFolder,
    help: "folder of found clips",
  },
  vods: {
    type: "string",
    path: true,
    value: "DIR",
    default: DEFAULT_REVIEW.vodsFolder,
    help: "folder of recordings",
  },
} as const satisfies OptionTable;

/** @throws {UsageError} If a name can be no event's. */
export function checkEvents(events: readonly string[]): void {
  for (const event of events) {
    try {
      checkEventName(event);
    } catch (error) {
      throw new UsageError(`--event: ${(error as Error).message}`);
    }
  }
}
