import type { Clock } from "lib/base/system/clock.ts";
import type { Logger } from "lib/base/system/logger.ts";
import type { Hearing } from "lib/learning/detect/hearing.ts";
import { type Arrivals, createArrivals } from "lib/work/bot/arrivals.ts";
import type { DetectionKeeper } from "lib/work/bot/detection_keeper.ts";
import type { PolicyInput } from "lib/work/bot/policy_state.ts";
import type { SessionRecord } from "lib/work/bot/session_record.ts";

/** What a detector hears, made known to everybody in the bot. */
interface HeardEvents {
  /** As {@linkcode Arrivals}. */
  readonly arrivals: Pick<Arrivals, "note" | "startAnew">;
  /** @param turn Number of the detector's beginning: ids are unique within one. */
  hear(hearing: Hearing, turn: number): void;
  /** When the end of an event's sound was here, and forgets it. */
  takeArrival(id: string): number | undefined;
}

/** Segments come somewhat sooner or later; more than that is worth a word, in milliseconds. */
const TOLD_LATE_MS = 4_000;

/** Makes known what is heard. `tell` is told of events to answer, `count` of everything that is counted by the day. */
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
    const arrival = arrivals.of(offset);
    const arrivedMs = arrival?.arrivedAtMs ?? clock.monotonicMs();
    const lateMs = arrival?.lateMs ?? 0;
    count("heard");
    const late = lateMs >= TOLD_LATE_MS ? `, its sound came ${Math.round(lateMs / 1000)} s late` : "";
    log.info(`${event} from ${onset.toFixed(2)} to ${offset.toFixed(2)} s, score ${score.toFixed(2)}${late}`);
    arrivalOf.set(id, arrivedMs);
    keeper.begin(id, hearing.event);
    if (!hearing.provisional) keeper.confirm(id, hearing.event);
    const dueMs = arrivedMs - lateMs;
    tell({ kind: "event", event: id, command, dueMs, ...(announcement ? { announcement } : {}) });
  };

  return {
    arrivals,
    hear(hearing, turn) {
      if (hearing.kind === "scored") return keeper.hearScores(hearing.detection, hearing.startTime);
      if (hearing.event.label !== event) return;
      const id = `${turn}-${hearing.id}`;
      const { onset, offset } = hearing.event;
      if (hearing.kind === "withdrawn") {
        count("withdrawn");
        log.info(`${event} at ${onset.toFixed(2)} s taken back: with the rest of its sound it is none`);
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
