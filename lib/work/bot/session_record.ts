import type { DetectedEvent } from "lib/learning/detect/streaming_detector.ts";
import type { Delivery, RoomState } from "lib/media/chat/chat_room.ts";
import type { Decision, DropReason, Message, Obstacle } from "lib/work/bot/policy_state.ts";
import type { SendLimits } from "lib/work/bot/send_limits.ts";
import type { LiveNotice } from "lib/work/live/live_item.ts";

/** Something that happened to a bot; `atMs` is on the clock's `monotonicMs()`. */
export type SessionRecord =
  | {
    readonly kind: "heard";
    readonly id: string;
    readonly event: DetectedEvent;
    readonly provisional: boolean;
    readonly atMs: number;
  }
  | {
    readonly kind: "confirmed" | "withdrawn";
    readonly id: string;
    readonly event: DetectedEvent;
    readonly atMs: number;
  }
  | { readonly kind: "decision"; readonly decision: Decision }
  | { readonly kind: "delivery"; readonly message: Message; readonly delivery: Delivery }
  /** A person typed the command. */
  | { readonly kind: "human"; readonly login: string; readonly atMs: number }
  | { readonly kind: "chat"; readonly state: RoomState; readonly reason?: string }
  | { readonly kind: "notice"; readonly notice: LiveNotice };

const OBSTACLES: Readonly<Record<Obstacle | "late", string>> = {
  "in flight": "another message is being sent",
  offline: "the chat is not connected",
  hold: "Twitch asked for silence",
  advertisement: "an advertisement runs",
  spacing: "another message was sent just before",
  rate: "as many messages as allowed were sent in the last 30 s",
  repeat: "the same text was sent just before",
  budget: "the hour's budget is used up",
  late: "the sound came too late",
};

const DROPS: Readonly<Record<Exclude<DropReason, `expired: ${string}`>, string>> = {
  stopped: "the bot was told to be silent",
  advertisement: "an advertisement runs",
  cooldown: "the cooldown after another answer is not over",
  pending: "another answer waits already",
  human: "a person was quicker",
};

/** A decision in one line for the log; `sender` is the name of the way that messages take. */
export function describeDecision(
  decision: Decision,
  { sender, limits }: { readonly sender: string; readonly limits: SendLimits },
): string {
  const text = JSON.stringify(decision.message.text);
  switch (decision.kind) {
    case "send":
      return `says ${text} (${sender})`;
    case "wait":
      return `waits to say ${text}: ${OBSTACLES[decision.reason]}`;
    case "drop": {
      const { ageMs, reason } = decision;
      const age = ageMs === undefined || !reason.startsWith("expired: ")
        ? ""
        : ` (${(ageMs / 1000).toFixed(0)} s old, ${limits.expiryMs / 1000} s are allowed)`;
      return `does not say ${text}: ${describeDrop(reason)}${age}`;
    }
  }
}

/** Why a message was never sent, in words. */
export function describeDrop(reason: DropReason): string {
  if (!reason.startsWith("expired: ")) return DROPS[reason as keyof typeof DROPS];
  if (reason === "expired: late") return OBSTACLES.late;
  return `it waited too long: ${OBSTACLES[reason.slice("expired: ".length) as keyof typeof OBSTACLES]}`;
}

/** What became of a message, in one line for the log. */
export function describeDelivery(message: Message, delivery: Delivery): string {
  const text = JSON.stringify(message.text);
  const reason = "reason" in delivery ? `: ${delivery.reason}` : "";
  switch (delivery.kind) {
    case "refused":
      return `${text} was not shown${reason}`;
    case "unsent":
      return `${text} could not be sent${reason}`;
    case "unknown":
      return `${text} may not have been sent${reason}`;
    default:
      return `${text} was sent`;
  }
}
