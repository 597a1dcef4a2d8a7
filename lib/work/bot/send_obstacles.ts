import type { Message, Obstacle, PolicyState, Sent } from "lib/work/bot/policy_state.ts";
import type { SendLimits } from "lib/work/bot/send_limits.ts";

/** Messages are remembered for so long, for the hour's budget. */
export const HOUR_MS = 3_600_000;

/** What keeps a message from being sent now. */
export function obstacleOf(state: PolicyState, message: Message, limits: SendLimits): Obstacle | undefined {
  const { nowMs, sent } = state;
  const within = (ms: number) => (other: Sent) => nowMs - other.atMs < ms;
  if (state.inFlight !== undefined) return "in flight";
  if (!state.up) return "offline";
  if (nowMs < state.holdUntilMs) return "hold";
  if (state.advertisement) return "advertisement";
  if (sent.some(within(limits.spacingMs))) return "spacing";
  if (sent.filter(within(limits.windowMs)).length >= limits.maxPerWindow) return "rate";
  const isRepeat = sent.some((other) =>
    other.message.text === message.text && within(limits.repeatMs)(other)
  );
  if (isRepeat && !state.isModerator) return "repeat";
  if (sent.length >= limits.hourlyBudget) return "budget";
  return undefined;
}

/** When a policy wants its next `tick`, if nothing else happens; undefined while nothing waits. */
export function nextTickMs(state: PolicyState, limits: SendLimits): number | undefined {
  if (state.queue.length === 0) return undefined;
  const recent = state.sent.filter(({ atMs }) =>
    state.nowMs - atMs <= Math.max(limits.repeatMs, limits.windowMs)
  );
  const times = [
    ...state.queue.map(({ sinceMs }) => sinceMs + limits.expiryMs),
    state.holdUntilMs,
    ...recent.flatMap((
      { atMs },
    ) => [atMs + limits.spacingMs, atMs + limits.windowMs, atMs + limits.repeatMs]),
    // Of the hour's messages the oldest makes room first.
    ...state.sent.slice(0, 1).map(({ atMs }) => atMs + HOUR_MS),
  ];
  return Math.min(...times.filter((time) => time > state.nowMs));
}
