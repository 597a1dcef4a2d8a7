import type { Clock } from "lib/base/system/clock.ts";
import { HttpProblem } from "lib/web/pages/http_problem.ts";
import { createRecordingOpener, type OpenRecording } from "lib/web/pages/recording_media.ts";
import { createSummaries, type SummaryJob } from "lib/web/pages/recording_summary.ts";
import { openReview, type Review, type ReviewOptions } from "lib/work/review/open_review.ts";
import type { RecordingFile } from "lib/work/review/recording_files.ts";
import { createWorkLimit, type WorkLimit } from "lib/work/review/work_limit.ts";

/** A review, and what pages need besides it. */
export interface Labeler extends Review {
  /** Changes with each start. */
  readonly instance: string;
  /** For what reads sound: a few at once, so that what is on the screen comes soon. */
  readonly work: WorkLimit;
  readonly open: (file: RecordingFile) => Promise<OpenRecording>;
  readonly summaries: (recording: OpenRecording) => SummaryJob;
}

/**
 * Puts the parts together.
 *
 * @throws {SyntaxError} If an event's name can be none.
 */
export function createLabeler(
  options: Partial<ReviewOptions>,
  context: { readonly signal: AbortSignal; readonly clock?: Clock | undefined },
): Labeler {
  const review = openReview(options, context);
  const work = createWorkLimit(4, 200);
  return {
    ...review,
    instance: crypto.randomUUID(),
    work,
    open: createRecordingOpener(review.scope, review.cache),
    summaries: createSummaries(review.cache, { work, signal: context.signal }),
  };
}

/** @throws {HttpProblem} If there is no such recording, or it cannot be read. */
export async function openById({ recordings, open }: Labeler, id: string): Promise<OpenRecording> {
  const file = await recordings.byId(id);
  if (!file) throw new HttpProblem("not-found", "there is no such recording any more");
  return await open(file);
}
