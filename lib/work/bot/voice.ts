import type { ChatSender } from "lib/media/chat/chat_room.ts";
import type { BotSessionOptions } from "lib/work/bot/bot_session_options.ts";
import type { Decision } from "lib/work/bot/policy_state.ts";
import { describeDecision, describeDelivery } from "lib/work/bot/session_record.ts";
import { createSpeaker, type Speaker } from "lib/work/bot/speaker.ts";

/** A speaker whose decisions are told: to the log, to whoever counts, and to the memory of what was said. */
interface Voice extends Speaker {
  /** From the arrival of the sound's end to the command's leaving, of the last command, in milliseconds. */
  readonly lastLatencyMs: number | undefined;
}

/** Makes a voice that speaks by a sender. */
export function createVoice(
  sender: ChatSender,
  { limits, clock, log, said, onRecord }: BotSessionOptions,
  { takeArrival, count, onSend, onLeft }: {
    /** When the end of an event's sound was here, and forgets it. */
    readonly takeArrival: (event: string) => number | undefined;
    readonly count: (name: "said" | "dropped") => void;
    /** Told of a message before it is handed over, and of one that has left. */
    readonly onSend: (text: string) => void;
    readonly onLeft: (text: string) => void;
  },
): Voice {
  let lastLatencyMs: number | undefined;
  /** What the log says of the time that a command took. */
  const noteLatency = (decision: Decision): string => {
    const { message } = decision;
    // What is not waited for any more need not be known any more.
    const arrivedMs = decision.kind === "wait" || message.role !== "command"
      ? undefined
      : takeArrival(message.event ?? "");
    if (decision.kind !== "send" || arrivedMs === undefined) return "";
    lastLatencyMs = decision.atMs - arrivedMs;
    return `, ${Math.round(lastLatencyMs)} ms after the sound's end was here`;
  };
  const speaker = createSpeaker(sender, {
    limits,
    clock,
    sent: said?.sent,
    listener: {
      onSent: (sent) => said?.keep(sent),
      onDecision(decision) {
        const late = noteLatency(decision);
        if (decision.kind === "send") {
          onSend(decision.message.text);
          count("said");
        }
        if (decision.kind === "drop") count("dropped");
        log.info(`${describeDecision(decision, { sender: sender.name, limits })}${late}`);
        onRecord?.({ kind: "decision", decision });
      },
      onDelivery(message, delivery) {
        if (["refused", "unknown", "unsent"].includes(delivery.kind)) {
          log.warn(describeDelivery(message, delivery));
        }
        if (delivery.kind === "sent" || delivery.kind === "delivered") onLeft(message.text);
        onRecord?.({ kind: "delivery", message, delivery });
      },
    },
  });
  return {
    tell: speaker.tell,
    close: speaker.close,
    get state() {
      return speaker.state;
    },
    get lastLatencyMs() {
      return lastLatencyMs;
    },
  };
}
