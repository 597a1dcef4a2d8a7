/**
 * What the labelling page and its server say to each other over HTTP. The page imports types from here and nothing
 * else (`import type`). Everything is JSON unless a route says otherwise; addresses that an answer holds are to be used as they
 * are.
 *
 * - The page is on the same origin. With a token (only with `--host`) the first address that is opened sets a cookie; the page
 *   needs to do nothing.
 * - Every POST has `content-type: application/json` and a body of at most {@link MAX_BODY_BYTES}. Others are refused.
 * - Whatever is not 2xx answers with {@link ApiError}.
 * - A POST that was answered with 2xx is on the disk. A POST may be sent again any number of times with the same ids: it is
 *   written once. After a lost connection send again, in the same order, with `kept: true`.
 *
 * | method and path                          | in                        | out                       |
 * | ---------------------------------------- | ------------------------- | ------------------------- |
 * | GET  /api/config                         |                           | {@link LabelerConfig}     |
 * | POST /api/heartbeat                      | {@link HeartbeatRequest}  | {@link HeartbeatAnswer}   |
 * | GET  /api/queue?source=S                 |                           | {@link Queue}             |
 * | GET  /api/clips/:id                      |                           | {@link ClipItem}          |
 * | GET  /api/clips/:id/hints                |                           | {@link ClipHints}         |
 * | GET  /api/clips/:id/audio                | Range                     | sound, see `audioUrl`     |
 * | GET  /api/clips/:id/spectrogram.png      |                           | PNG                       |
 * | POST /api/answers                        | {@link AnswerRequest}     | {@link AnswerResult}      |
 * | POST /api/undo                           | {@link UndoRequest}       | {@link UndoResult}        |
 * | GET  /api/history?scope=S&limit=N        |                           | {@link History}           |
 * | GET  /api/recordings and below           |                           | see `api_recordings.ts`   |
 * | GET, POST /api/import, /api/export ...   |                           | see `api_transfer.ts`     |
 * | GET  /, /page/NAME.css, .svg             |                           | the page's files as they are |
 * | GET  /page/NAME.js                       |                           | `lib/web/browser/NAME.ts`, types stripped |
 * | GET  /modules/lib/...js                  |                           | a module of `SHARED_MODULES`, types stripped |
 *
 * In modules, the server turns `"lib/web/browser/x.ts"` into `"/page/x.js"` and `"lib/learning/dataset/label_id.ts"` (a shared module) into
 * `"/modules/lib/learning/dataset/label_id.js"`.
 * The content security policy allows nothing inline: no `style` attributes in HTML (set styles from scripts), no `on...` attributes.
 */
import { z } from "zod";
import type { Answer, ClipSource } from "lib/work/review/answers.ts";

export type {
  Answer,
  AnswerResult,
  ClipHints,
  ClipSource,
  History,
  Progress,
  Queue,
  UndoResult,
} from "lib/work/review/answers.ts";
export type { Scope } from "lib/work/review/leases.ts";

/** Largest body of a POST in bytes, but for imported files. */
export const MAX_BODY_BYTES = 262_144;

/** Pure modules outside of the page's folder that it may import. */
export const SHARED_MODULES = [
  "lib/learning/dataset/label_id.ts",
  "lib/learning/dataset/label_name.ts",
  "lib/base/events/clock_time.ts",
  "lib/base/events/decode_text.ts",
  "lib/web/pages/tile_grid.ts",
] as const;

/**
 * Why a request was not done.
 *
 * - `bad-request` (400), `unauthorized` (401: open the address with the token again), `forbidden` (403), `not-found` (404),
 *   `too-large` (413), `bad-media` (422: the sound cannot be read; the message says why), `failed` (500).
 * - `lease` (409): another tab labels this scope; `conflict` (409): the item was labelled otherwise meanwhile, see `current`;
 *   `id-taken` (409): the id is in the ledger with something else.
 * - `busy` (503): the ledger is locked by another program for too long, or too much is asked at once; try again.
 */
export interface ApiError {
  readonly error: {
    readonly code:
      | "bad-request"
      | "unauthorized"
      | "forbidden"
      | "not-found"
      | "too-large"
      | "bad-media"
      | "lease"
      | "conflict"
      | "id-taken"
      | "busy"
      | "failed";
    /** One line for people. */
    readonly message: string;
    /** With `conflict`: what holds for the item now. */
    readonly current?: readonly Answer[];
  };
}

/** What the page has to know at the beginning. */
export interface LabelerConfig {
  /** Changes with each start of the server. */
  readonly instance: string;
  /** The events, first the one that clips are asked about: keys `a`, `b` ... of long recordings in this order. */
  readonly events: readonly string[];
  /** Every label that can be given, in the order of the events: `burp`, `not-burp`, `unsure`, `skip`. */
  readonly labels: readonly string[];
  /** Which view opens: recordings if some were named, else clips. */
  readonly view: "clips" | "recordings";
  /** The queue that opens. */
  readonly source: ClipSource;
  /** What every queue holds. */
  readonly sources: readonly { readonly source: ClipSource; readonly total: number; readonly left: number }[];
  /** Whose labels these are, as the ledger will say; may be empty. */
  readonly by: string;
  /** The ledger's path as the user gave it. */
  readonly ledger: string;
  /** How often to send a heartbeat, in milliseconds. */
  readonly heartbeatMs: number;
}

/** Random name of a tab, made when it opens. */
const client = z.string().regex(/^[\w-]{8,64}$/);
/** Id of a new label: `createLabelId(Date.now(), ten random bytes)` of `lib/learning/dataset/label_id.ts`. */
const id = z.string().regex(/^[\w-]{8,64}$/);
const existingId = z.string().regex(/^[\w-]{1,64}$/);
const itemId = z.string().regex(/^[0-9a-f]{20}$/);
const seconds = z.number().min(0).max(1e7);
const label = z.string().min(1).max(100);

/** What only one tab at a time works on: the clips, or one recording. */
export const scopeSchema = z.union([
  z.literal("clips"),
  z.string().regex(/^recording:[0-9a-f]{20}$/).transform((text) => text as `recording:${string}`),
]);
/** Says that a tab is there, and claims what it works on. */
export const heartbeatSchema = z.strictObject({
  client,
  /** `null` while the tab shows something that needs no claim. */
  scope: scopeSchema.nullable(),
  /** Takes the scope from the tab that has it. */
  takeOver: z.boolean().default(false),
  /** The tab is being closed: gives the scope back. May be sent with `navigator.sendBeacon` and a JSON blob. */
  leaving: z.boolean().default(false),
});
/** Body of POST /api/heartbeat. */
export type HeartbeatRequest = z.input<typeof heartbeatSchema>;

/** What a tab is told about its claim. */
export interface HeartbeatAnswer {
  readonly instance: string;
  /** `yours`; `other`: another tab has it, offer to take over; `none`: nothing was claimed. */
  readonly lease: "yours" | "other" | "none";
  /** Seconds since the other tab was heard of. */
  readonly otherSeenSecondsAgo?: number;
  /** Grows with every line of the ledger, by whomever: reload queue or regions if it is not what the last answer said. */
  readonly revision: number;
}

/** A clip to label. Nothing in it tells what a model or chat said of it. */
export interface ClipItem {
  readonly id: string;
  /** Playable by browsers, answers to ranges; mono WAV where the file itself is not. */
  readonly audioUrl: string;
  /** In seconds. */
  readonly duration: number;
  /** PNG of the whole clip, from 0 to `duration`; low frequencies at the bottom, on the mel scale. */
  readonly spectrogram: {
    readonly url: string;
    readonly width: number;
    readonly height: number;
    /** Scale marks: share of the height from the bottom, from 0 to 1. */
    readonly marks: readonly { readonly text: string; readonly share: number }[];
  };
  /** Lowest and highest sample of equal spans, minimum and maximum in turn, from -127 to 127. */
  readonly peaks: readonly number[];
  /** Where the sound seems to be, in seconds of the clip. */
  readonly proposed: { readonly onset: number; readonly offset: number };
  /** The person's label that holds. */
  readonly answer?: Answer;
}

/** An answer to a clip. */
export const answerSchema = z.strictObject({
  client,
  id,
  item: itemId,
  /** One of {@link LabelerConfig.labels}. */
  label,
  /** In seconds of the clip; left out: what was proposed. */
  onset: seconds.optional(),
  offset: seconds.optional(),
  /** Id of the answer that the page knew for this clip and now corrects; `null` if there was none. */
  replaces: existingId.nullable(),
  /** Whether it was given while the server was away, and waited in the page. Such answers need no lease. */
  kept: z.boolean().default(false),
  /** Milliseconds from when the clip was shown to the answer. */
  tookMs: z.number().min(0).max(1e9).optional(),
}).refine(({ onset, offset }) => onset === undefined || offset === undefined || offset > onset, {
  path: ["offset"],
  error: "must lie after the onset",
});
/** Body of POST /api/answers. */
type AnswerRequest = z.input<typeof answerSchema>;

/** Takes back labels, all at once. Those that are taken back already count as done. */
export const undoSchema = z.strictObject({
  client,
  scope: scopeSchema,
  answers: z.array(existingId).min(1).max(1000),
  /** Takes regions back with all that they correct, which would hold again. */
  withCorrected: z.boolean().default(false),
  kept: z.boolean().default(false),
});
/** Body of POST /api/undo. */
type UndoRequest = z.input<typeof undoSchema>;
