import type { ChatOrder } from "lib/work/bot/chat_orders.ts";
import type { DetectionKeeper } from "lib/work/bot/detection_keeper.ts";

/** What orders are carried out on. */
export interface OrderTarget extends Pick<DetectionKeeper, "markLastWrong"> {
  /** The sound that the bot answers. */
  readonly event: string;
  threshold(): number;
  setThreshold(value: number): void;
  /** Whether events are spoken about. */
  setActive(isActive: boolean): void;
  /** Events since local midnight. */
  countToday(): number;
  reply(text: string): void;
  /** Told of a detection that could not be marked. */
  onError(error: unknown): void;
}

const WRONG_ANSWERS = {
  marked: "noted: that was none",
  "marked before": "that is noted already",
  nothing: "there is nothing to take back",
} as const;

/** Does what the broadcaster or a moderator orders, and answers. @param login Who orders. */
export function obeyOrder(order: ChatOrder, login: string, target: OrderTarget): void {
  const { event, reply } = target;
  switch (order.kind) {
    case "start":
      target.setActive(true);
      return reply(`I answer every ${event}`);
    case "stop":
      target.setActive(false);
      return reply(`I am silent about every ${event}`);
    case "hello":
      return reply(`hello ${login}, I listen for every ${event}`);
    case "count":
      return reply(`${target.countToday()} ${event}s today`);
    case "threshold":
      if (order.value !== undefined) target.setThreshold(order.value);
      return reply(`the threshold is ${target.threshold()}`);
    case "bad threshold":
      return reply("a threshold is a number from 0.05 to 1, such as ?threshold 0.8");
    case "wrong":
      target.markLastWrong(login).then((outcome) => reply(WRONG_ANSWERS[outcome]), (error) => {
        target.onError(error);
        reply("that could not be written down");
      });
  }
}
