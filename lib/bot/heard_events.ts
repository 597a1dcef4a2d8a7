import { createArrivals } from "lib/bot/arrivals.ts";
import type { DetectionKeeper } from "lib/bot/detection_keeper.ts";
import type { PolicyInput } from "lib/bot/policy_state.ts";
import type { SessionRecord } from "lib/bot/session_record.ts";
import type { Hearing } from "lib/detect/hearing.ts";
import type { Clock } from "lib/system/clock.ts";
import type { Logger } from "lib/system/logger.ts";

/** What a detector hears, made known to everybody in the bot. */
export interface HeardEvents {
  /** Notes that the sound up to a time of the stream, in seconds, was here at a time of `monotonicMs()`. */
  arrived(end: number, arrivedAtMs: number): void;
  /** @param turn Number of the detector's beginning: ids are unique within one. */
  hear(hearing: Hearing, turn: number): void;
  /** When the end of an event's sound was here, and forgets it. */
  takeArrival(event: string): number | undefined;
}

/** Makes it. `tell` is told of events to answer, `count` of everything that is counted by the day. */
export function createHeardEvents(options: {
  readonly event: string;
  readonly command: string;
  readonly announcement?: string | undefined;
  readonly keeper: DetectionKeeper;
  readonly clock: Clock;
  readonly log: Logger;
  readonly count: (name: "heard" | "withdrawn") => void;
  readonly tell: (input: PolicyInput) => void;
  readonly tellRecord: (record: SessionRecord) => void;
}): HeardEvents {
  const { event, command, announcement, keeper, clock, log, count, tell, tellRecord } = options;
  const arrivals = createArrivals();
  const arrivalOf = new Map<string, number>();
  let last = { onset: -Infinity, offset: -Infinity };

  /** Whether this is a new event: where the detector began anew, it may hear the end of one once more. */
  const isNew = (onset: number, offset: number): boolean => {
    const isAgain = onset < last.offset && offset > last.onset;
    last = { onset, offset: Math.max(offset, isAgain ? last.offset : offset) };
    return !isAgain;
  };
  const answer = (id: string, hearing: Extract<Hearing, { kind: "heard" }>): void => {
    const { onset, offset, score } = hearing.event;
    const arrivedMs = arrivals.of(offset) ?? clock.monotonicMs();
    count("heard");
    log.info(`${event} from ${onset.toFixed(2)} to ${offset.toFixed(2)} s, score ${score.toFixed(2)}`);
    arrivalOf.set(id, arrivedMs);
    keeper.begin(id, hearing.event);
    if (!hearing.provisional) keeper.confirm(id, hearing.event);
    tell({ kind: "event", event: id, command, arrivedMs, ...(announcement ? { announcement } : {}) });
  };

  return {
    arrived: (end, arrivedAtMs) => arrivals.note(end, arrivedAtMs),
    hear(hearing, turn) {
      if (hearing.kind === "scored") return keeper.hearScores(hearing.detection, hearing.startTime);
      if (hearing.event.label !== event) return;
      const id = `${turn}-${hearing.id}`;
      const { onset, offset } = hearing.event;
      if (hearing.kind === "withdrawn") {
        count("withdrawn");
        log.info(`${event} at ${onset.toFixed(2)} s was none after all`);
        keeper.drop(id);
      } else if (hearing.kind === "confirmed") keeper.confirm(id, hearing.event);
      else if (isNew(onset, offset)) answer(id, hearing);
      else return;
      tellRecord({ ...hearing, id, atMs: clock.monotonicMs() });
    },
    takeArrival(id) {
      const arrivedMs = arrivalOf.get(id);
      arrivalOf.delete(id);
      return arrivedMs;
    },
  };
}
