/** What went wrong between us and a server; callers decide by it whether to wait, to skip or to ask the user. */
export type RequestProblem =
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

/** A request that failed for good, in words for people, on whatever platform. Never contains tokens or signed addresses. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly problem: RequestProblem;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** How long the server asked to wait before another try, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    problem: RequestProblem,
    message: string,
    options: { readonly status?: number; readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.problem = problem;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}
