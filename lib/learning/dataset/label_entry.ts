import { z } from "zod";
import { parseLabel } from "lib/learning/dataset/label_name.ts";

const id = z.string().regex(/^[\w-]{1,64}$/, { error: "must be 1 to 64 letters, digits, - or _" });
const seconds = z.number().min(0);
const label = z.string().refine((text) => {
  try {
    return parseLabel(text) !== undefined;
  } catch {
    return false;
  }
}, { error: "is no label: <event>, not-<event>, unsure or skip" });

const sourceSchema = z.strictObject({
  /** A person who listened, somebody's command in chat, a model's score, or files that were read in. */
  kind: z.enum(["person", "chat", "model", "import"]),
  /** Who: a person's or chatter's name, a model's folder, a file. */
  name: z.string().exactOptional(),
  /** What they did: `!burp`, `deno task label import`. */
  command: z.string().exactOptional(),
});

/** Schema of a line that labels a span of sound. Unknown keys are errors: a misspelt one would be lost. */
export const labelEntrySchema = z.strictObject({
  /** Unique in the ledger; sorts by time. */
  id,
  /** When it was written, as an ISO 8601 time. */
  time: z.iso.datetime({ offset: true }),
  /** The source recording: a VOD id, an address or a path; the clip itself where no longer recording is known. */
  recording: z.string().min(1),
  /** In seconds from the beginning of the recording. */
  onset: seconds,
  /** In seconds from the beginning of the recording; never before `onset`. */
  offset: seconds,
  /** `<event>`, `not-<event>`, `unsure` or `skip`. */
  label,
  /** Who or what said so. */
  source: sourceSchema,
  /** The clip that was cut from there: its path from the ledger's folder, with forward slashes. */
  clip: z.string().min(1).exactOptional(),
  /** The entry that this one corrects. */
  replaces: id.exactOptional(),
  /** Whatever else is worth knowing: votes, scores, model, chat messages. */
  provenance: z.record(z.string(), z.json()).exactOptional(),
}).refine((entry) => entry.offset >= entry.onset, { path: ["offset"], error: "lies before the onset" });

/** Schema of a line that takes back another one. Undoing an undo brings the label back. */
export const undoEntrySchema = z.strictObject({
  id,
  time: z.iso.datetime({ offset: true }),
  /** The entry, or the undo, that is taken back. */
  undoes: id,
  source: sourceSchema,
});

/** Who or what put an entry into the ledger. */
export type LabelSource = Readonly<z.infer<typeof sourceSchema>>;
/** One label: what was heard from `onset` to `offset` of a recording, and who or what says so. */
export type LabelEntry = Readonly<z.infer<typeof labelEntrySchema>>;
/** Takes back an entry. */
export type UndoEntry = Readonly<z.infer<typeof undoEntrySchema>>;
/** A label that is to be written; the ledger adds `id` and `time` where they are not given. */
export type NewLabel = Omit<LabelEntry, "id" | "time"> & Partial<Pick<LabelEntry, "id" | "time">>;
