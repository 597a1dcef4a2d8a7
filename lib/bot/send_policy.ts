import { cutText } from "lib/bot/message_text.ts";
import type { SendLimits } from "lib/bot/send_limits.ts";

/** A message that the bot wants to send. */
export interface Message {
  /** Unique for the run of the bot. */
  readonly id: number;
  readonly text: string;
  /** The part that it plays: telling of an event (before the command), the command itself, or an answer to someone. */
  readonly role: "announcement" | "command" | "reply";
  /** The event that it is about. */
  readonly event?: string;
}

/** Why a message must wait. */
export type Obstacle =
  | "in flight"
  | "offline"
  | "hold"
  | "advertisement"
  | "spacing"
  | "rate"
  | "repeat"
  | "budget";

/** Why a message is never sent. */
export type DropReason =
  | "stopped"
  | "advertisement"
  | "cooldown"
  | "pending"
  | "human"
  | `expired: ${Obstacle | "late"}`;

/** What was decided about a message, and why. */
export type Decision =
  | { readonly kind: "wait"; readonly message: Message; readonly reason: Obstacle; readonly atMs: number }
  | { readonly kind: "send"; readonly message: Message; readonly waitedMs: number; readonly atMs: number }
  | { readonly kind: "drop"; readonly message: Message; readonly reason: DropReason; readonly atMs: number };

/** What happens to a policy. */
export type PolicyInput =
  /** An event was heard; its command, after an announcement where one is wanted, is to be sent. */
  | {
    readonly kind: "event";
    readonly event: string;
    readonly announcement?: string;
    readonly command: string;
    /** When the end of the sound was here; expiry counts from then. By default the time of this input. */
    readonly arrivedMs?: number;
  }
  | { readonly kind: "reply"; readonly text: string }
  /** A person typed the command. */
  | { readonly kind: "human" }
  | { readonly kind: "advertisement"; readonly running: boolean }
  | { readonly kind: "connection"; readonly up: boolean }
  | { readonly kind: "moderator"; readonly isModerator: boolean }
  /** Whether events are spoken about. */
  | { readonly kind: "active"; readonly isActive: boolean }
  /** The sender is done with a message, which may have left, or surely has not. */
  | { readonly kind: "settled"; readonly message: Message; readonly left: boolean }
  /** The server asks for silence. */
  | { readonly kind: "hold"; readonly untilMs: number }
  | { readonly kind: "tick" };

interface Queued {
  readonly message: Message;
  readonly sinceMs: number;
}

interface Sent extends Queued {
  readonly atMs: number;
}

/** Everything that a policy remembers; its size is bounded by the limits. */
export interface PolicyState {
  readonly nowMs: number;
  readonly nextId: number;
  readonly queue: readonly Queued[];
  /** The message that the sender has now; until it is settled nothing else is sent. */
  readonly inFlight: number | undefined;
  /** Messages of the last hour, oldest first, each with the latest time at which it may have left. */
  readonly sent: readonly Sent[];
  readonly commandMs: number;
  readonly humanMs: number;
  readonly holdUntilMs: number;
  readonly advertisement: boolean;
  readonly up: boolean;
  readonly isModerator: boolean;
  readonly isActive: boolean;
}

const HOUR_MS = 3_600_000;
/** Answers that wait; whoever asks more often gets none. */
const MAX_QUEUE = 20;

/** A policy at the start: nothing was sent, and the chat is not connected yet. */
export const INITIAL_POLICY: PolicyState = Object.freeze({
  nowMs: -Infinity,
  nextId: 1,
  queue: [],
  inFlight: undefined,
  sent: [],
  commandMs: -Infinity,
  humanMs: -Infinity,
  holdUntilMs: -Infinity,
  advertisement: false,
  up: false,
  isModerator: false,
  isActive: true,
});

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
    ? { state: enqueue(next, messages, Math.min(state.nowMs, input.arrivedMs ?? state.nowMs)), decisions: [] }
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
      decisions.push({ kind: "drop", message, reason: `expired: ${obstacle ?? "late"}`, atMs });
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

/** What keeps a message from being sent now. */
function obstacleOf(state: PolicyState, message: Message, limits: SendLimits): Obstacle | undefined {
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
