import { createRandom } from "lib/base/numbers/random.ts";
import type { LiveFault } from "tests/fakes/live_server.ts";

/** Something that goes wrong for a while. */
export interface StreamFault {
  readonly kind:
    | "drop"
    | "stall"
    | "403"
    | "404"
    | "5xx"
    | "truncate"
    | "corrupt"
    | "dns"
    | "half-open"
    | "clock-jump";
  /** When it begins, in seconds. */
  readonly start: number;
  /** How long it lasts, in seconds. */
  readonly seconds: number;
  /** Milliseconds by which the wall clock is set, for a clock jump. */
  readonly jumpMs: number;
}

const KINDS: readonly StreamFault["kind"][] = [
  ...["drop", "stall", "403", "404", "5xx"] as const,
  ...["truncate", "corrupt", "dns", "half-open", "clock-jump"] as const,
];

/** Faults one after the other: half of them shorter than 10 s, 40 % up to a minute, 10 % of five minutes. */
export function planFaults(count: number, seed: string): StreamFault[] {
  const random = createRandom(seed);
  const lengths = random.shuffle(Array.from({ length: count }, (_, i) => {
    if (i < count / 2) return random.uniform(1, 10);
    return i < 0.9 * count ? random.uniform(10, 60) : 300;
  }));
  let start = 20;
  return lengths.map((seconds, i) => {
    const fault: StreamFault = {
      kind: KINDS[i % KINDS.length]!,
      start,
      seconds,
      jumpMs: random.pick([-1, 1]) * random.uniform(60_000, 7_200_000),
    };
    start += seconds + random.uniform(45, 75);
    return fault;
  });
}

/** What the server does to a request during a fault. */
export function answerOf({ kind }: StreamFault, nth: number): LiveFault | undefined {
  switch (kind) {
    case "drop":
    case "stall":
    case "truncate":
    case "corrupt":
    case "half-open":
      return { kind };
    case "403":
    case "404":
      return { kind: "status", status: Number(kind) };
    case "5xx":
      return { kind: "status", status: [500, 502, 503, 504][nth % 4]! };
    case "dns":
    case "clock-jump":
      return undefined;
  }
}
