import type { Answer } from "lib/work/review/answers.ts";

/**
 * - `not-found`: there is no such clip, recording, label or file, or none that may be read;
 * - `forbidden`: the label belongs to something else;
 * - `lease`: somebody else is labelling this;
 * - `conflict`: it was labelled otherwise meanwhile, see `current`;
 * - `id-taken`: the id is in the ledger with something else;
 * - `bad-media`: the sound cannot be read;
 * - `busy`: the ledger is locked for too long, or too much is asked at once: try again.
 */
type ReviewProblem =
  | "not-found"
  | "forbidden"
  | "lease"
  | "conflict"
  | "id-taken"
  | "bad-media"
  | "busy";

/** What a person asked for while labelling cannot be done. */
export class ReviewError extends Error {
  override readonly name = "ReviewError";
  /** With `conflict`: what holds now. */
  readonly current: readonly Answer[] | undefined;

  constructor(
    readonly problem: ReviewProblem,
    message: string,
    { current, ...options }: ErrorOptions & { readonly current?: readonly Answer[] } = {},
  ) {
    super(message, options);
    this.current = current;
  }
}
