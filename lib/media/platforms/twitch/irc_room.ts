import type { Random } from "lib/base/numbers/random.ts";
import type { Clock } from "lib/base/system/clock.ts";
import type { Logger } from "lib/base/system/logger.ts";
import { createTroubleLog } from "lib/base/system/trouble_log.ts";
import type { ChatRoom, RoomListener, RoomState } from "lib/media/chat/chat_room.ts";
import { retryDelayMs } from "lib/media/net/retry.ts";
import {
  type ChatIdentity,
  type ConnectionEnd,
  type IrcConnection,
  openIrcConnection,
} from "lib/media/platforms/twitch/irc_connection.ts";

/** What a chat room needs. */
interface IrcRoomOptions {
  readonly channel: string;
  /** Account to join with; without one the chat is only read. */
  readonly identity?: ChatIdentity | undefined;
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly listener: RoomListener;
  /** Called after a refused login, before the next one: with another token the chat is joined again at once. */
  readonly onLoginRefused?: (() => Promise<void>) | undefined;
}

/** Twitch counts logins; somebody who tries on and on with a bad token is locked out. */
const BAD_LOGIN_WAIT_MS = 60_000;
/** While an outage is young we come back at once, later we are patient. */
const BACKOFF = { young: { baseMs: 250, maxMs: 2_000 }, old: { baseMs: 250, maxMs: 30_000 } } as const;
const YOUNG_MS = 180_000;
/** A connection that held for so long makes earlier failures forgotten. */
const STEADY_MS = 30_000;

/**
 * Joins a chat and stays there. There is one connection at a time: the next one is made when the last one has been let
 * go of, whatever ended it.
 */
export function joinIrcRoom(options: IrcRoomOptions): ChatRoom {
  const { clock, random, listener, log } = options;
  const closing = new AbortController();
  let state: RoomState = "connecting";
  let connection: IrcConnection | undefined;
  let joins = 0;
  const become = (next: RoomState, reason?: string) => {
    state = next;
    if (!closing.signal.aborted) listener.onState(next, reason);
  };
  const guarded: Pick<RoomListener, "onLine" | "onModerator" | "onNotice"> = {
    onLine: (line) => closing.signal.aborted || listener.onLine(line),
    onModerator: (isModerator) => closing.signal.aborted || listener.onModerator(isModerator),
    onNotice: (notice) => closing.signal.aborted || listener.onNotice(notice),
  };

  const trouble = createTroubleLog(log);
  const running = stay();
  async function stay(): Promise<void> {
    let failures = 0;
    let lostMs: number | undefined;
    let joinedMs = clock.monotonicMs();
    while (!closing.signal.aborted) {
      become("connecting");
      const token = options.identity?.token();
      const joinsBefore = joins;
      const loginMs = clock.monotonicMs();
      connection = openIrcConnection({
        ...options,
        listener: guarded,
        signal: closing.signal,
        onJoined() {
          joins++;
          joinedMs = clock.monotonicMs();
          trouble.over();
          become("joined");
        },
      });
      const ended = await connection.ended;
      connection = undefined;
      if (closing.signal.aborted) break;
      if (joins > joinsBefore) {
        lostMs = clock.monotonicMs();
        // A server that sends everybody away again at once is not to be stormed.
        if (lostMs - joinedMs >= STEADY_MS) failures = 0;
      }
      if (ended.kind === "login") {
        await options.onLoginRefused?.();
        if (options.identity?.token() !== token) {
          log.info("chat: the bot's token had ended; it joins again with the new one");
          continue;
        }
      }
      const waitMs = waitAfter(ended, { loginMs, lostMs, failures: failures++ });
      become("waiting", ended.reason);
      const reason = ended.reason.replace(/\.$/, "");
      trouble.tell(
        `chat: ${ended.kind === "refused" ? "it cannot be reached" : reason}; trying again`,
      );
      log.debug(`chat: ${reason}; next try in ${(waitMs / 1000).toFixed(1)} s`);
      await clock.sleep(waitMs, closing.signal).catch(() => {});
    }
  }

  function waitAfter(
    ended: ConnectionEnd,
    { loginMs, lostMs, failures }: { loginMs: number; lostMs: number | undefined; failures: number },
  ): number {
    const nowMs = clock.monotonicMs();
    if (ended.kind === "login") {
      log.error(
        `chat: Twitch refuses the login (${ended.reason}): check that TWITCH_BOT_TOKEN is a token of the bot's ` +
          "account with the scopes chat:read and chat:edit",
      );
      return Math.max(0, loginMs + BAD_LOGIN_WAIT_MS - clock.monotonicMs()) + random.uniform(0, 5_000);
    }
    // Who never got in may have no network at all: nobody waits for an answer of that bot.
    const isYoung = lostMs !== undefined && nowMs - lostMs < YOUNG_MS;
    const pace = isYoung ? BACKOFF.young : BACKOFF.old;
    return retryDelayMs(failures + 1, pace, random);
  }

  return {
    get state() {
      return state;
    },
    get joins() {
      return joins;
    },
    say: (text) =>
      connection?.say(text) ?? Promise.resolve({ kind: "unsent", reason: "the chat is not connected" }),
    async close() {
      closing.abort();
      await running;
      state = "closed";
    },
  };
}
