import { createBotFilter } from "lib/media/chat/bots.ts";
import type { ChatLine } from "lib/media/chat/chat_room.ts";
import { createCommandMatcher } from "lib/media/chat/commands.ts";
import type { BotSessionOptions } from "lib/work/bot/bot_session_options.ts";
import { readOrder } from "lib/work/bot/chat_orders.ts";
import { obeyOrder, type OrderTarget } from "lib/work/bot/obey_order.ts";

/** Answers of the bot begin so; who reads its chat later can tell them from people's. */
export const BOT_PREFIX = "[bot]";

/** A chat as the bot reads it: written down, orders obeyed, people's commands noticed. */
interface ChatReader {
  read(line: ChatLine): void;
  /** Writes down what the bot itself has said. */
  noteOwn(text: string): void;
  /** Tells the wall clock at the stream's time 0, in milliseconds since 1970; before that nothing is written down. */
  startAt(originMs: number): void;
}

/** Makes a reader. `isEcho` tells the bot's own messages, which come back to it. */
export function createChatReader(
  { event, command, announcement, clock, log, recorder, chat: { ownLogin } }: BotSessionOptions,
  { isEcho, orders, onHuman }: {
    readonly isEcho: (text: string) => boolean;
    readonly orders: OrderTarget;
    /** Told of a person who types the command. */
    readonly onHuman: (login: string) => void;
  },
): ChatReader {
  const isCommand = createCommandMatcher(command);
  const isBot = createBotFilter({
    bots: ownLogin === undefined ? [] : [ownLogin],
    announcementPrefixes: [BOT_PREFIX, ...(announcement ? [announcement] : [])],
  });
  let originMs: number | undefined;

  const write = (atMs: number, userName: string | undefined, message: string, fromBot = false): void => {
    if (originMs === undefined) return;
    recorder?.write({
      time: Math.max(0, (atMs - originMs) / 1000),
      message,
      ...(userName === undefined ? {} : { userName }),
      ...(fromBot ? { isBot: true } : {}),
    });
  };

  return {
    read({ login, text, ...line }) {
      if (login === ownLogin && isEcho(text)) return;
      write(line.sentMs ?? line.arrivedMs, login, text, line.isBot);
      const order = readOrder({ text, ...line }, event);
      if (order) {
        log.info(`chat: ${login} orders ${text.trim()}`);
        return obeyOrder(order, login, orders);
      }
      const fromBot = isBot({
        time: 0,
        userName: login,
        message: text,
        ...(line.isBot ? { isBot: true } : {}),
      });
      if (!fromBot && isCommand(text)) onHuman(login);
    },
    noteOwn: (text) => write(clock.now(), ownLogin, text),
    startAt: (atMs) => void (originMs ??= atMs),
  };
}
