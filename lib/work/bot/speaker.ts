import type { Clock } from "lib/base/system/clock.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import type { ChatSender, Delivery } from "lib/media/chat/chat_room.ts";
import {
  type Decision,
  INITIAL_POLICY,
  type Message,
  type PolicyInput,
  type PolicyState,
  type Sent,
} from "lib/work/bot/policy_state.ts";
import type { SendLimits } from "lib/work/bot/send_limits.ts";
import { nextTickMs } from "lib/work/bot/send_obstacles.ts";
import { stepPolicy } from "lib/work/bot/send_policy.ts";

/** What a speaker tells of itself. */
interface SpeakerListener {
  /** Called for every decision, in order. */
  onDecision(decision: Decision): void;
  onDelivery(message: Message, delivery: Delivery): void;
  /** Called when the messages of the last hour have changed. */
  onSent?(sent: readonly Sent[]): void;
}

/** Speaks by a policy: tells it what happens, sends what it lets through, and wakes it when its time has come. */
export interface Speaker {
  /** Tells the policy of something. What it lets through leaves before this returns, if the sender is quick. */
  tell(input: PolicyInput): void;
  readonly state: PolicyState;
  /** Drops what waits, and waits for the message that is under way. */
  close(): Promise<void>;
}

/** After a message that could not leave: time for the connection to notice that it is gone. */
const UNSENT_HOLD_MS = 1_000;

/** Makes a speaker, which takes its time from `clock.monotonicMs()`. */
export function createSpeaker(
  sender: ChatSender,
  options: {
    readonly limits: SendLimits;
    readonly clock: Clock;
    readonly listener: SpeakerListener;
    /** What was said before, by an earlier run. */
    readonly sent?: readonly Sent[] | undefined;
  },
): Speaker {
  const { limits, clock, listener, sent = [] } = options;
  const commandMs = sent.findLast(({ message }) => message.role === "command")?.atMs ?? -Infinity;
  let state: PolicyState = { ...INITIAL_POLICY, sent, commandMs };
  let timer = new AbortController();
  let underWay: Promise<void> = Promise.resolve();
  let closed = false;

  function tell(input: PolicyInput): void {
    if (closed && input.kind !== "settled") return;
    const step = stepPolicy(state, input, clock.monotonicMs(), limits);
    state = step.state;
    for (const decision of step.decisions) {
      listener.onDecision(decision);
      if (decision.kind === "send") underWay = deliver(decision.message);
    }
    const isChanged = input.kind === "settled" || step.decisions.some(({ kind }) => kind === "send");
    if (isChanged) listener.onSent?.(state.sent);
    if (!closed) setTimer();
  }

  async function deliver(message: Message): Promise<void> {
    const delivery = await sender.send(message.text)
      .catch((error): Delivery => ({
        kind: "unknown",
        reason: errorMessage(error),
      }));
    listener.onDelivery(message, delivery);
    const waitMs = delivery.kind === "refused" ? delivery.waitMs : undefined;
    const holdMs = waitMs ?? (delivery.kind === "unsent" ? UNSENT_HOLD_MS : undefined);
    if (holdMs !== undefined) tell({ kind: "hold", untilMs: clock.monotonicMs() + holdMs });
    tell({ kind: "settled", message, left: delivery.kind !== "unsent" });
  }

  function setTimer(): void {
    timer.abort();
    const dueMs = nextTickMs(state, limits);
    if (dueMs === undefined) return;
    timer = new AbortController();
    const { signal } = timer;
    clock.sleep(Math.max(0, dueMs - clock.monotonicMs()), signal)
      .then(() => signal.aborted || tell({ kind: "tick" }), () => {}); // rejected when the timer is set anew
  }

  return {
    tell,
    get state() {
      return state;
    },
    async close() {
      closed = true;
      timer.abort();
      await underWay;
    },
  };
}
