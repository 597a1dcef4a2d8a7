import type { SendLimits } from "lib/work/bot/send_limits.ts";

/** What happened to a channel, as its server and its people saw it; times on one clock, in milliseconds. */
export interface Conversation {
  /** Messages that reached the server, in order. */
  readonly received: readonly { readonly atMs: number; readonly text: string }[];
  /** What the bot was asked to say. */
  readonly wanted: readonly Wanted[];
  /** When something else began or ended, in order. */
  readonly changes: readonly Change[];
}

/** One thing that the bot was asked to say: the command for an event, or an answer to somebody. */
export interface Wanted {
  readonly atMs: number;
  readonly text: string;
  readonly isEvent: boolean;
}

/** A change of the surroundings. */
export interface Change {
  readonly atMs: number;
  readonly what: "advertisement" | "up" | "moderator" | "active" | "human" | "hold";
  /** For `hold`, whether it is so is decided by `untilMs`; `human` is a moment. */
  readonly on: boolean;
  readonly untilMs?: number;
}

const HOUR_MS = 3_600_000;

/** Counts by itself, from what reached the server: each line says which limit was broken, and when. */
export function brokenLimits({ received, changes }: Conversation, limits: SendLimits): string[] {
  const broken: string[] = [];
  const around = surroundings(changes);
  received.forEach(({ atMs, text }, i) => {
    const before = received.slice(Math.max(0, i - limits.hourlyBudget - 1), i);
    const say = (limit: string) => broken.push(`${limit} at ${Math.round(atMs)} ms: ${text}`);
    const inLast = (ms: number) => before.filter((other) => atMs - other.atMs < ms);
    if (inLast(limits.spacingMs).length > 0) say("spacing");
    if (inLast(limits.windowMs).length + 1 > limits.maxPerWindow) say("rate");
    if (inLast(HOUR_MS).length + 1 > limits.hourlyBudget) say("budget");
    if (text.length > limits.maxCharacters || text.length > 500) say("length");
    const repeats = inLast(limits.repeatMs).some((other) => other.text === text);
    if (repeats && !around.is("moderator", atMs)) say("repeat");
    if (around.is("advertisement", atMs)) say("advertisement");
    if (around.isHeld(atMs)) say("hold");
  });
  return broken;
}

/** Limits on what is said about events: the command is `command`. */
export function brokenManners(
  { received, wanted, changes }: Conversation,
  command: string,
  limits: SendLimits,
): string[] {
  const broken: string[] = [];
  const around = surroundings(changes);
  for (const { atMs, text } of received.filter((message) => message.text !== command)) {
    const asked = wanted.filter((want) => want.text === text);
    if (asked.length > 0 && asked.every((want) => want.atMs > atMs || atMs - want.atMs > limits.expiryMs)) {
      broken.push(`expiry at ${Math.round(atMs)} ms: ${text}`);
    }
  }
  const commands = received.filter(({ text }) => text === command);
  commands.forEach(({ atMs }, i) => {
    const say = (limit: string) => broken.push(`${limit} at ${Math.round(atMs)} ms`);
    const asked = wanted.filter((want) =>
      want.isEvent && want.atMs <= atMs && atMs - want.atMs <= limits.expiryMs
    );
    if (asked.length === 0) say("expiry");
    if (i > 0 && atMs - commands[i - 1]!.atMs < limits.cooldownMs) say("cooldown");
    if (!around.is("active", atMs)) say("active");
    const last = asked.at(-1);
    if (last && around.humanWithin(last.atMs - limits.humanMs + 1, atMs - 1)) say("human");
  });
  return broken;
}

/** What the bot was asked to say, could have said without breaking anything, and did not say. */
export function unsaid({ received, wanted, changes }: Conversation, limits: SendLimits): string[] {
  const around = surroundings(changes);
  const commandTimes = new Set(
    wanted.filter((want) => want.isEvent).map(({ text }) => text),
  );
  const used = new Set<number>();
  const missing: string[] = [];
  for (const want of wanted) {
    const last = want.atMs + limits.expiryMs;
    const found = received.findIndex(({ atMs, text }, i) =>
      !used.has(i) && text === want.text && atMs >= want.atMs && atMs <= last
    );
    if (found >= 0) {
      used.add(found);
      continue;
    }
    const isRefused = (other: Wanted) => refusedEvent(other, received, commandTimes, around, limits);
    if (want.isEvent && isRefused(want)) continue;
    // The command for an event just before may still have been waiting, and stood for both.
    const earlier = want.isEvent &&
      wanted.some((other) =>
        other.isEvent && other !== want && other.atMs <= want.atMs &&
        want.atMs - other.atMs < limits.expiryMs &&
        !isRefused(other)
      );
    if (earlier) continue;
    const free = firstFreeMoment(want, received, around, limits);
    if (free !== undefined) missing.push(`${want.text} of ${want.atMs} ms could have gone at ${free} ms`);
  }
  return missing;
}

type Surroundings = ReturnType<typeof surroundings>;

/** Whether nothing was to be said about an event at all. */
function refusedEvent(
  want: Wanted,
  received: Conversation["received"],
  commands: ReadonlySet<string>,
  around: Surroundings,
  limits: SendLimits,
): boolean {
  // What ended in the same millisecond may have ended after the event.
  return [want.atMs, want.atMs - 1].some((atMs) =>
    !around.is("active", atMs) || around.is("advertisement", atMs)
  ) ||
    around.humanWithin(want.atMs - limits.humanMs + 1, want.atMs) ||
    // A command in the last while, or one that was asked for before and had to wait.
    received.some(({ atMs, text }) => commands.has(text) && Math.abs(want.atMs - atMs) < limits.cooldownMs);
}

function firstFreeMoment(
  want: Wanted,
  received: Conversation["received"],
  around: Surroundings,
  limits: SendLimits,
): number | undefined {
  const near = received.filter(({ atMs }) => Math.abs(atMs - want.atMs) <= HOUR_MS + limits.expiryMs);
  const reachMs = Math.max(limits.repeatMs, limits.windowMs) + limits.expiryMs;
  const recent = near.filter(({ atMs }) => Math.abs(atMs - want.atMs) <= reachMs);
  // The very last moments are left out: there the order of two timers decides.
  for (let atMs = want.atMs; atMs < want.atMs + limits.expiryMs - 60; atMs += 50) {
    if (want.isEvent && around.silencedWithin(want.atMs, atMs)) return undefined;
    if (want.isEvent && around.humanWithin(want.atMs, atMs)) return undefined;
    if (!around.is("up", atMs) || around.is("advertisement", atMs) || around.isHeld(atMs)) continue;
    const inLast = (ms: number, of = recent) =>
      of.filter((other) => other.atMs <= atMs && atMs - other.atMs < ms);
    if (inLast(limits.spacingMs).length > 0) continue;
    if (inLast(limits.windowMs).length >= limits.maxPerWindow) continue;
    if (inLast(HOUR_MS, near).length >= limits.hourlyBudget) continue;
    const repeats = inLast(limits.repeatMs).some(({ text }) => text === want.text);
    if (repeats && !around.is("moderator", atMs)) continue;
    // Something else may have been about to go.
    if (recent.some((other) => other.atMs > atMs && other.atMs - atMs < limits.spacingMs)) continue;
    return atMs;
  }
  return undefined;
}

function surroundings(changes: readonly Change[]) {
  const of = (what: Change["what"]) => changes.filter((change) => change.what === what);
  const lists = {
    advertisement: of("advertisement"),
    up: of("up"),
    moderator: of("moderator"),
    active: of("active"),
  };
  const humans = of("human");
  const holds = of("hold");
  return {
    is(what: keyof typeof lists, atMs: number): boolean {
      const last = lists[what].findLast((change) => change.atMs <= atMs);
      return last ? last.on : what === "active";
    },
    /** Whether an advertisement began or the bot was told to be silent, for however short a time. */
    silencedWithin: (fromMs: number, toMs: number) =>
      changes.some(({ atMs, what, on }) =>
        atMs >= fromMs && atMs <= toMs && ((what === "advertisement" && on) || (what === "active" && !on))
      ),
    isHeld: (atMs: number) => holds.some((hold) => hold.atMs < atMs && atMs < (hold.untilMs ?? 0)),
    humanWithin: (fromMs: number, toMs: number) => humans.some(({ atMs }) => atMs >= fromMs && atMs <= toMs),
  };
}
