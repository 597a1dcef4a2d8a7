import type { Hearing } from "lib/learning/detect/hearing.ts";
import type { DetectedEvent } from "lib/learning/detect/streaming_detector.ts";

/** Decides which provisional and certain events are one and the same, so that none is heard twice. */
export interface HearingLedger {
  /** Takes the events of an early look. */
  provisional(events: readonly DetectedEvent[]): Hearing[];
  /** Takes certain events, and the time up to which all is certain. */
  certain(events: readonly DetectedEvent[], scoredUntil: number): Hearing[];
  /** Settles what is open, where a stretch of sound ends. */
  settle(): Hearing[];
}

/** What a provisional event must have. */
interface ProvisionalBar {
  /** Lowest score for a label, from 0 to 1. */
  readonly score: (label: string) => number;
  /** Seconds after a provisional event's end after which the certain one must have come. */
  readonly patience: number;
}

/** Two views of one event may lie so far apart, in seconds. */
const SLACK = 0.3;
const REMEMBERED = 50;

/** Makes a ledger. Ids count up from 1. */
export function createHearingLedger(bar: ProvisionalBar): HearingLedger {
  let lastId = 0;
  /** Provisional events that were told and are not settled. */
  let open: { readonly id: number; event: DetectedEvent }[] = [];
  /** Certain events that were told, newest last. */
  const told: { readonly id: number; readonly event: DetectedEvent }[] = [];
  let certainUntil = -Infinity;

  const same = (a: DetectedEvent, b: DetectedEvent): boolean =>
    a.label === b.label && a.onset <= b.offset + SLACK && b.onset <= a.offset + SLACK;
  const remember = (id: number, event: DetectedEvent): void => {
    told.push({ id, event });
    if (told.length > REMEMBERED) told.shift();
  };
  const withdraw = (): Hearing[] => {
    const late = open.filter(({ event }) => event.offset + bar.patience < certainUntil);
    open = open.filter((entry) => !late.includes(entry));
    return late.map(({ id, event }) => ({ kind: "withdrawn", id, event }));
  };

  return {
    provisional(events) {
      const hearings: Hearing[] = [];
      for (const event of events) {
        const known = open.find((entry) => same(entry.event, event));
        if (known) {
          const { onset, offset, score } = known.event;
          known.event = {
            ...event,
            onset: Math.min(onset, event.onset),
            offset: Math.max(offset, event.offset),
            score: Math.max(score, event.score),
          };
          continue;
        }
        // What lies in the past was seen, and judged, with all that came after it.
        if (event.offset + bar.patience < certainUntil || told.some((entry) => same(entry.event, event))) {
          continue;
        }
        if (event.score < bar.score(event.label)) continue;
        open.push({ id: ++lastId, event });
        hearings.push({ kind: "heard", id: lastId, event, provisional: true });
      }
      return hearings;
    },
    certain(events, scoredUntil) {
      certainUntil = scoredUntil;
      const hearings: Hearing[] = [];
      for (const event of events) {
        const [first, ...others] = open.filter((entry) => same(entry.event, event));
        open = open.filter((entry) => entry !== first && !others.includes(entry));
        if (first) {
          hearings.push({ kind: "confirmed", id: first.id, event });
          for (const other of others) {
            hearings.push({ kind: "withdrawn", id: other.id, event: other.event, mergedInto: first.id });
          }
          remember(first.id, event);
        } else {
          hearings.push({ kind: "heard", id: ++lastId, event, provisional: false });
          remember(lastId, event);
        }
      }
      return [...hearings, ...withdraw()];
    },
    settle() {
      const hearings = open.map(({ id, event }): Hearing => ({ kind: "withdrawn", id, event }));
      open = [];
      certainUntil = -Infinity;
      return hearings;
    },
  };
}
