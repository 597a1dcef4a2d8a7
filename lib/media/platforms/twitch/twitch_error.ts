/** What went wrong between us and Twitch; callers decide by it whether to wait, to skip or to ask the user. */
export type TwitchProblem =
  | "deleted"
  | "private"
  | "subscriber-only"
  | "expired-token"
  | "expired-link"
  | "rate-limited"
  | "region"
  | "offline"
  | "missing"
  | "network"
  | "server"
  | "unexpected-answer";

/** A request to Twitch that failed for good, in words for people. Never contains tokens or signed addresses. */
export class TwitchError extends Error {
  override readonly name = "TwitchError";
  readonly problem: TwitchProblem;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** How long Twitch asked to wait before another try, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    problem: TwitchProblem,
    message: string,
    options: { readonly status?: number; readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.problem = problem;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}
