/**
 * The part of the contract of `lib/web/pages/api.ts` about import and export from buttons; they do what `deno task label import` and
 * `export` do.
 *
 * | method and path                          | in                          | out                      |
 * | ---------------------------------------- | --------------------------- | ------------------------ |
 * | POST /api/import                         | {@link ImportRequest}       | {@link ImportResult}     |
 * | POST /api/import/undo                    | {@link ImportUndoRequest}   | {@link ImportUndoResult} |
 * | GET  /api/export?format=F&recording=ID   |                             | the file, as an attachment |
 * | POST /api/export/clips                   | {@link ExportClipsRequest}  | {@link ExportClipsResult} |
 */
import { z } from "zod";

/** Largest file that is imported, in bytes. */
export const MAX_IMPORT_BYTES = 16 * 1024 * 1024;

/** Formats of GET /api/export. `recording` (an id) is needed by those that know one recording only, where there are several. */
export const EXPORT_FORMATS = ["csv", "json", "audacity", "raven", "vtt", "segments"] as const;
/** One of the formats. */
export type ExportFormat = typeof EXPORT_FORMATS[number];

const client = z.string().regex(/^[\w-]{8,64}$/);

/** What to import: the clip folders and sorted found clips of the project, or a file that was chosen in the page. */
export const importSchema = z.strictObject({
  client,
  /** Left out: the folders of the project. */
  file: z.strictObject({
    name: z.string().min(1).max(200),
    text: z.string().max(MAX_IMPORT_BYTES),
  }).optional(),
  /** The recording of files that name none: its id, or its name in the ledger. */
  recording: z.string().min(1).max(1000).optional(),
  /** For a `segments.txt` that does not say what it begins with. */
  beginsWith: z.enum(["event", "not-event"]).optional(),
  /** Lets these labels win over those that contradict them. */
  correct: z.boolean().default(false),
  /** Only says what would be added. */
  dryRun: z.boolean().default(false),
});
/** Body of POST /api/import. */
type ImportRequest = z.input<typeof importSchema>;

/** What an import did. */
export interface ImportResult {
  /** What to take back with. */
  readonly import: string;
  readonly added: number;
  readonly corrections: number;
  readonly known: number;
  /** Files that could not be read, with reasons. */
  readonly bad: readonly string[];
  /** Contradictions that were left as they are, one line each. */
  readonly conflicts: readonly string[];
  readonly revision: number;
}

/** Takes back an import. */
export const importUndoSchema = z.strictObject({ client, import: z.string().regex(/^[\w-]{1,64}$/) });
/** Body of POST /api/import/undo. */
type ImportUndoRequest = z.input<typeof importUndoSchema>;

/** How many labels were taken back. */
export interface ImportUndoResult {
  readonly undone: number;
  readonly revision: number;
}

/** Brings the clip folders in line with the labels. */
export const exportClipsSchema = z.strictObject({ client });
/** Body of POST /api/export/clips. */
type ExportClipsRequest = z.input<typeof exportClipsSchema>;

/** What was done to how many clips. */
export interface ExportClipsResult {
  readonly counts: Readonly<Record<string, number>>;
  /** One line for each clip that could not be made. */
  readonly failed: readonly string[];
  readonly revision: number;
}
