import { cutText } from "lib/work/bot/message_text.ts";
import type { Decision, DropReason, Message, PolicyInput, PolicyState } from "lib/work/bot/policy_state.ts";
import type { SendLimits } from "lib/work/bot/send_limits.ts";
import { HOUR_MS, obstacleOf } from "lib/work/bot/send_obstacles.ts";

/** Answers that wait; whoever asks more often gets none. */
const MAX_QUEUE = 20;

/**
 * Decides what may be said. It is a pure function of what happened so far: no clock, no connection.
 *
 * @param nowMs Time of a clock that never runs backwards; an earlier time than before counts as the one before.
 * @returns The state to go on with, and each decision with its reason, in order. A `send` counts as sent at once, and
 * must be answered by a `settled`; if it surely has not left, that brings it back.
 */
export function stepPolicy(
  before: PolicyState,
  input: PolicyInput,
  nowMs: number,
  limits: SendLimits,
): { readonly state: PolicyState; readonly decisions: readonly Decision[] } {
  const now = Math.max(nowMs, before.nowMs);
  const first = { ...before, nowMs: now, sent: before.sent.filter(({ atMs }) => now - atMs < HOUR_MS) };
  const accepted = accept(first, input, limits);
  const released = release(accepted.state, limits);
  const decisions = [...accepted.decisions, ...released.decisions];
  const fresh = released.state.queue.filter(({ message }) => message.id >= before.nextId);
  const waits = fresh.map(({ message }): Decision => ({
    kind: "wait",
    message,
    reason: obstacleOf(released.state, message, limits)!,
    atMs: now,
  }));
  return { state: released.state, decisions: [...decisions, ...waits] };
}

interface Step {
  readonly state: PolicyState;
  readonly decisions: readonly Decision[];
}

function accept(state: PolicyState, input: PolicyInput, limits: SendLimits): Step {
  switch (input.kind) {
    case "event":
      return acceptEvent(state, input, limits);
    case "reply": {
      const message = {
        id: state.nextId,
        text: cutText(input.text, limits.maxCharacters),
        role: "reply",
      } as const;
      const next = { ...state, nextId: state.nextId + 1 };
      if (state.queue.length >= MAX_QUEUE) return dropped(next, [message], "pending");
      return { state: enqueue(next, [message], state.nowMs), decisions: [] };
    }
    case "human":
      return dropQueued({ ...state, humanMs: state.nowMs }, "human");
    case "advertisement": {
      const next = { ...state, advertisement: input.running };
      return input.running ? dropQueued(next, "advertisement") : { state: next, decisions: [] };
    }
    case "connection":
      return { state: { ...state, up: input.up }, decisions: [] };
    case "moderator":
      return { state: { ...state, isModerator: input.isModerator }, decisions: [] };
    case "active": {
      const next = { ...state, isActive: input.isActive };
      return input.isActive ? { state: next, decisions: [] } : dropQueued(next, "stopped");
    }
    case "settled":
      return settle(state, input.message, input.left);
    case "hold":
      return { state: { ...state, holdUntilMs: Math.max(state.holdUntilMs, input.untilMs) }, decisions: [] };
    case "tick":
      return { state, decisions: [] };
  }
}

function acceptEvent(
  state: PolicyState,
  input: Extract<PolicyInput, { kind: "event" }>,
  limits: SendLimits,
): Step {
  const { event, announcement, command } = input;
  const texts = [
    ...(announcement === undefined ? [] : [{ text: announcement, role: "announcement" as const }]),
    { text: command, role: "command" as const },
  ];
  const messages = texts.map(({ text, role }, i): Message => ({
    id: state.nextId + i,
    text: cutText(text, limits.maxCharacters),
    role,
    event,
  }));
  const next = { ...state, nextId: state.nextId + messages.length };
  const reason = refusal(state, limits);
  return reason === undefined
    ? { state: enqueue(next, messages, Math.min(state.nowMs, input.dueMs ?? state.nowMs)), decisions: [] }
    : dropped(next, messages, reason);
}

/** Why nothing at all is said about an event that was just heard. */
function refusal(state: PolicyState, limits: SendLimits): DropReason | undefined {
  const { nowMs } = state;
  if (!state.isActive) return "stopped";
  if (state.advertisement) return "advertisement";
  if (nowMs - state.commandMs < limits.cooldownMs) return "cooldown";
  if (nowMs - state.humanMs < limits.humanMs) return "human";
  if (state.queue.some(({ message }) => message.role === "command")) return "pending";
  return undefined;
}

/** Sends what may be sent now, and drops what has waited too long. */
function release(start: PolicyState, limits: SendLimits): Step {
  const decisions: Decision[] = [];
  let state = start;
  const { nowMs: atMs } = start;
  for (const queued of start.queue) {
    const { message, sinceMs } = queued;
    const obstacle = obstacleOf(state, message, limits);
    // What may go in the very moment in which it expires still goes.
    const expired = atMs - sinceMs > limits.expiryMs ||
      (obstacle !== undefined && atMs - sinceMs >= limits.expiryMs);
    if (!expired && obstacle !== undefined) continue;
    state = { ...state, queue: state.queue.filter((other) => other !== queued) };
    if (expired) {
      const reason = `expired: ${obstacle ?? "late"}` as const;
      decisions.push({ kind: "drop", message, reason, ageMs: atMs - sinceMs, atMs });
      continue;
    }
    state = {
      ...state,
      sent: [...state.sent, { message, sinceMs, atMs }],
      inFlight: message.id,
      commandMs: message.role === "command" ? atMs : state.commandMs,
    };
    decisions.push({ kind: "send", message, waitedMs: atMs - sinceMs, atMs });
  }
  return { state, decisions };
}

function enqueue(state: PolicyState, messages: readonly Message[], sinceMs: number): PolicyState {
  return { ...state, queue: [...state.queue, ...messages.map((message) => ({ message, sinceMs }))] };
}

/** Drops what waits to be said about events; answers to people stay. */
function dropQueued(state: PolicyState, reason: DropReason): Step {
  const gone = state.queue.filter(({ message }) => message.role !== "reply").map(({ message }) => message);
  const queue = state.queue.filter(({ message }) => message.role === "reply");
  return dropped({ ...state, queue }, gone, reason);
}

function dropped(state: PolicyState, messages: readonly Message[], reason: DropReason): Step {
  return {
    state,
    decisions: messages.map((message) => ({ kind: "drop", message, reason, atMs: state.nowMs })),
  };
}

/** Notes when a message left at the latest, or puts one that never left back, unless it is not wanted any more. */
function settle(state: PolicyState, message: Message, left: boolean): Step {
  const entry = state.sent.find((other) => other.message.id === message.id);
  const inFlight = state.inFlight === message.id ? undefined : state.inFlight;
  const others = state.sent.filter((other) => other !== entry);
  if (!entry) return { state: { ...state, inFlight }, decisions: [] };
  if (left) {
    const commandMs = message.role === "command" ? state.nowMs : state.commandMs;
    const sent = [...others, { ...entry, atMs: state.nowMs }];
    return { state: { ...state, inFlight, sent, commandMs }, decisions: [] };
  }
  const earlier = others.findLast((other) => other.message.role === "command");
  const commandMs = message.role === "command" ? earlier?.atMs ?? -Infinity : state.commandMs;
  const next = { ...state, inFlight, sent: others, commandMs };
  if (message.role !== "reply") {
    if (!state.isActive) return dropped(next, [message], "stopped");
    if (state.advertisement) return dropped(next, [message], "advertisement");
    if (state.humanMs >= entry.atMs) return dropped(next, [message], "human");
  }
  return { state: { ...next, queue: [{ message, sinceMs: entry.sinceMs }, ...state.queue] }, decisions: [] };
}
