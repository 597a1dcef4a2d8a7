import type { Answer, ApiError } from "lib/web/pages/api.ts";
import { ReviewError } from "lib/work/review/review_error.ts";

/** Kinds of problem that the page tells apart. */
type ProblemCode = ApiError["error"]["code"];

const STATUS = {
  "bad-request": 400,
  unauthorized: 401,
  forbidden: 403,
  "not-found": 404,
  lease: 409,
  conflict: 409,
  "id-taken": 409,
  "too-large": 413,
  "bad-media": 422,
  failed: 500,
  busy: 503,
} as const satisfies Record<ProblemCode, number>;

/** A request that is not done; the server answers with it. */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";

  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly current?: readonly Answer[],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** What a request fails with, if it is the fault of what was asked; undefined for anything else. */
  static of(error: unknown): HttpProblem | undefined {
    if (error instanceof HttpProblem) return error;
    if (!(error instanceof ReviewError)) return undefined;
    return new HttpProblem(error.problem, error.message, error.current, { cause: error });
  }

  /** What the page is told. */
  toResponse(): Response {
    const { code, message, current } = this;
    const body: ApiError = { error: { code, message, ...(current && { current }) } };
    const headers = code === "busy" ? { "retry-after": "1" } : undefined;
    return Response.json(body, { status: STATUS[code], ...(headers && { headers }) });
  }
}
