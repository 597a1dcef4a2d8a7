import { createRandom } from "lib/base/numbers/random.ts";
import { systemClock } from "lib/base/system/clock.ts";
import type { Delivery } from "lib/media/chat/chat_room.ts";
import { createHttpClient } from "lib/media/net/http_client.ts";
import { createHelixSender } from "lib/media/platforms/twitch/helix_sender.ts";
import type { Decision } from "lib/work/bot/policy_state.ts";
import { DEFAULT_LIMITS, type SendLimits } from "lib/work/bot/send_limits.ts";
import { nextTickMs } from "lib/work/bot/send_obstacles.ts";
import { createSpeaker } from "lib/work/bot/speaker.ts";
import type { Change, Conversation, Wanted } from "tests/work/bot/conversation_judge.ts";
import { startFakeHelix } from "tests/fakes/helix_server.ts";
import { createVirtualClock, type VirtualClock } from "lib/work/bot/virtual_clock.ts";

/** The command of the conversations. */
export const COMMAND = "!burp";

/** What came of a conversation. */
export interface PlayedConversation extends Conversation {
  readonly decisions: readonly Decision[];
}

/**
 * Plays random events, answers, people, advertisements, outages and commands to a bot, on a clock that stands still while
 * messages are under way: to a server over the network by the real Helix sender, or to one that only counts.
 */
export async function playConversation(
  seed: number,
  count: number,
  { limits = DEFAULT_LIMITS, overHttp = false }: { limits?: SendLimits; overHttp?: boolean } = {},
): Promise<PlayedConversation> {
  const random = createRandom(seed);
  const clock = createVirtualClock(Date.UTC(2026, 0, 1));
  await using server = await startServer(clock, overHttp);
  const decisions: Decision[] = [];
  const speaker = createSpeaker(server.sender, {
    limits,
    clock,
    listener: { onDecision: (decision) => decisions.push(decision), onDelivery() {} },
  });
  const settled = async () => {
    while (speaker.state.inFlight !== undefined) await new Promise((resolve) => setTimeout(resolve, 0));
  };
  const goTo = async (ms: number) => {
    for (let next = nextTickMs(speaker.state, limits); next !== undefined && next <= ms;) {
      await clock.advanceTo(next);
      await settled();
      const later = nextTickMs(speaker.state, limits);
      if (later === next) break;
      next = later;
    }
    await clock.advanceTo(ms);
    await settled();
  };

  const wanted: Wanted[] = [];
  const changes: Change[] = [];
  const change = (what: Change["what"], on: boolean, untilMs?: number) =>
    changes.push({ atMs: clock.monotonicMs(), what, on, ...(untilMs === undefined ? {} : { untilMs }) });
  const flags = { up: false, advertisement: false, moderator: false, active: true };
  const flip = (what: keyof typeof flags) => {
    const on = flags[what] = !flags[what];
    change(what, on);
    if (what === "up") speaker.tell({ kind: "connection", up: on });
    if (what === "advertisement") speaker.tell({ kind: "advertisement", running: on });
    if (what === "moderator") speaker.tell({ kind: "moderator", isModerator: on });
    if (what === "active") speaker.tell({ kind: "active", isActive: on });
  };
  flip("up");
  let nowMs = 0;
  for (let i = 0; i < count; i++) {
    // Every now and then everybody asks the bot something at once.
    const isDense = i % 100 < 45 && Math.floor(i / 100) % 3 === 1;
    const longest = isDense ? 1_200 : random.pick([400, 3_000, 16_000]);
    nowMs += Math.round(random.uniform(0, longest));
    await goTo(nowMs);
    const draw = isDense ? 0.4 : random.next();
    if (draw < 0.35) {
      wanted.push({ atMs: nowMs, text: COMMAND, isEvent: true });
      const extra = random.next() < 0.5 ? { announcement: "[bot] detected burp" } : {};
      speaker.tell({ kind: "event", event: String(i), command: COMMAND, ...extra });
    } else if (draw < 0.75) {
      const text = random.next() < 0.3
        ? "[bot] hello"
        : `[bot] answer ${i}${random.next() < 0.1 ? "x".repeat(900) : ""}`;
      wanted.push({
        atMs: nowMs,
        text: text.slice(0, 498) + (text.length > 499 ? "…" : text.slice(498)),
        isEvent: false,
      });
      speaker.tell({ kind: "reply", text });
    } else if (draw < 0.83) {
      change("human", true);
      speaker.tell({ kind: "human" });
    } else if (draw < 0.86) {
      flip("advertisement");
    } else if (draw < 0.89) {
      flip("up");
    } else if (draw < 0.93) {
      flip("moderator");
    } else if (draw < 0.95) {
      flip("active");
    } else {
      change("hold", true, nowMs + 5_000);
      speaker.tell({ kind: "hold", untilMs: nowMs + 5_000 });
    }
    await settled();
    // What keeps the bot silent does not last: otherwise it would have little to say.
    if (random.next() < 0.3) {
      for (const what of ["up", "active"] as const) if (!flags[what]) flip(what);
      if (flags.advertisement) flip("advertisement");
      await settled();
    }
  }
  await goTo(nowMs + 30_000);
  await speaker.close();
  return { received: server.posted, wanted, changes, decisions };
}

async function startServer(clock: VirtualClock, overHttp: boolean) {
  const received: { atMs: number; text: string }[] = [];
  if (!overHttp) {
    const send = (text: string): Promise<Delivery> => {
      received.push({ atMs: clock.monotonicMs(), text });
      return Promise.resolve({ kind: "sent" });
    };
    const nothing = () => Promise.resolve();
    return { posted: received, sender: { name: "counter", send }, [Symbol.asyncDispose]: nothing };
  }
  const server = startFakeHelix(clock);
  server.tokens.set("token-of-bot", { login: "bot", userId: "7", scopes: [], expiresIn: 9999 });
  server.users.set("somebody", "1");
  const http = createHttpClient({
    fetch,
    clock: systemClock,
    random: createRandom(1),
    retry: { attempts: 1 },
  });
  const facts = { clientId: "client-of-the-bot", login: "bot", userId: "7", scopes: [], expiresIn: 0 };
  const sender = await createHelixSender(
    "somebody",
    { token: () => "token-of-bot", facts: () => facts, renew: () => Promise.resolve(false) },
    { http, endpoints: { helix: server.helixUrl } },
  );
  return { posted: server.posted, sender, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
