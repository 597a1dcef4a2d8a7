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
  | {
    readonly kind: "drop";
    readonly message: Message;
    readonly reason: DropReason;
    /** Age of what it is about, where that is the reason. */
    readonly ageMs?: number;
    readonly atMs: number;
  };

/** What happens to a policy. */
export type PolicyInput =
  /** An event was heard; its command, after an announcement where one is wanted, is to be sent. */
  | {
    readonly kind: "event";
    readonly event: string;
    readonly announcement?: string;
    readonly command: string;
    /** When the end of the sound is usually here; expiry counts from then. By default the time of this input. */
    readonly dueMs?: number;
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

/** A message that waits. */
interface Queued {
  readonly message: Message;
  /** When what it is about is usually here; expiry counts from then. */
  readonly sinceMs: number;
}

/** A message that was sent. */
export interface Sent extends Queued {
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
