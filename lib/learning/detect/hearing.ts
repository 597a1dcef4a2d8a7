import type { DetectedEvent, Detection } from "lib/learning/detect/streaming_detector.ts";

/** A stretch of sound that knows its time; a live stream's sound is one. */
export interface TimedBlock {
  /** Mono samples at the detector's rate. */
  readonly samples: Float32Array;
  /** Time of the first sample, in seconds. Later blocks may leave gaps; what overlaps is heard once. */
  readonly streamTime: number;
  /** Whether nothing more is to come for a moment, so that an early look pays. */
  readonly endsSegment: boolean;
}

/** What a detector that looks early has to say. Times are those of the blocks. */
export type Hearing =
  /**
   * An event, for the first time. A provisional one was seen in an early look, before the sound after it was there. Each
   * is followed by one `confirmed` or `withdrawn` with the same `id`; one that is not provisional is certain already.
   */
  | {
    readonly kind: "heard";
    readonly id: number;
    readonly event: DetectedEvent;
    readonly provisional: boolean;
  }
  /** The certain event for a provisional one; its times and score may be a little different. */
  | { readonly kind: "confirmed"; readonly id: number; readonly event: DetectedEvent }
  /** A provisional event that turned out to be none, or part of another one that has been heard (`mergedInto`). */
  | {
    readonly kind: "withdrawn";
    readonly id: number;
    readonly event: DetectedEvent;
    readonly mergedInto?: number;
  }
  /** Certain scores, for whoever keeps them; `startTime` is the time of the detection's frame 0. */
  | { readonly kind: "scored"; readonly detection: Detection; readonly startTime: number };
