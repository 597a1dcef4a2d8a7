import type { LabelSource } from "lib/learning/dataset/label_entry.ts";

/** Where clips to review come from; `--source`. */
export const CLIP_SOURCES = ["ledger", "unconfirmed", "found", "bot", "queue"] as const;

/**
 * - `ledger`: candidates that harvesting entered as undecided;
 * - `unconfirmed`: labels that chat, a model or an import gave and no person has looked at;
 * - `found`: what `find` kept under the found folder;
 * - `bot`: what the bot kept there;
 * - `queue`: all candidates of ledger, found and bot, the most instructive first.
 */
export type ClipSource = typeof CLIP_SOURCES[number];

/** A label that holds. */
export interface Answer {
  /** Its id in the ledger; `replaces` of the next answer for the same item. */
  readonly id: string;
  readonly label: string;
  /** In seconds from the start of the clip; for regions from the start of the recording. */
  readonly onset: number;
  readonly offset: number;
  /** ISO 8601. */
  readonly time: string;
  readonly source: Omit<LabelSource, "command">;
}

/**
 * Clips in the order in which to ask about them. That of a list stays as it is while the server runs, new ones come last; that
 * of `queue` follows what has been answered.
 */
export interface Queue {
  readonly source: ClipSource;
  readonly revision: number;
  readonly progress: Progress;
  /** How many sounds have been compared, while the order goes by kept scores alone; it is worth asking again then. */
  readonly comparing?: { readonly done: number; readonly total: number };
  /** `answer` is the id of the person's label that holds, absent while there is none. */
  readonly items: readonly { readonly id: string; readonly answer?: string; readonly label?: string }[];
}

/** How far the queue is. */
export interface Progress {
  readonly total: number;
  readonly answered: number;
  readonly left: number;
  /** Answers that no model has learnt from yet; absent while there are none. */
  readonly untrained?: number;
  /** Answers a minute lately, without breaks; absent before there are some. */
  readonly perMinute?: number;
  /** Time for what is left at that pace, in seconds. */
  readonly secondsLeft?: number;
}

/** What speaks for or against; to be shown only after the answer, unless the person wants it before. */
export interface ClipHints {
  readonly id: string;
  /** File name, and the recording with the time in it where known. */
  readonly clip: string;
  readonly recording: string;
  /** Where the clip starts in the recording, in seconds. */
  readonly start?: number;
  /** Score of the model, from 0 to 1. */
  readonly score?: number;
  /** Reasons in plain words, such as "3 people typed the command 4.2 s later". */
  readonly why: readonly string[];
}

/** What a person says of a clip. */
export interface NewAnswer {
  /** New id: `createLabelId()`. The same answer given twice is written once. */
  readonly id: string;
  /** The clip's. */
  readonly item: string;
  readonly label: string;
  /** In seconds of the clip; left out: what was proposed. */
  readonly onset?: number | undefined;
  readonly offset?: number | undefined;
  /** Id of the answer that was known for this clip and is now corrected; `null` if there was none. */
  readonly replaces: string | null;
  /** Milliseconds from when the clip was shown to the answer. */
  readonly tookMs?: number | undefined;
}

/** What became of an answer. */
export interface AnswerResult {
  readonly answer: Answer;
  /** False if it had been written before. */
  readonly written: boolean;
  readonly revision: number;
  /** Of the queue that was asked for last. */
  readonly progress: Progress;
}

/** What holds after an undo. */
export interface UndoResult {
  /** The clips that were concerned, with what a person said of them before, if that holds again. */
  readonly items: readonly { readonly id: string; readonly answer?: Answer }[];
  /** How many labels were taken back now. */
  readonly undone: number;
  readonly revision: number;
  readonly progress: Progress;
}

/** Steps that can be taken back, the latest first: what to send as `answers` of an undo. Also after a restart. */
export interface History {
  readonly steps: readonly {
    readonly answers: readonly string[];
    /** The clip; absent for regions. */
    readonly item?: string;
    readonly label: string;
    readonly time: string;
  }[];
}
