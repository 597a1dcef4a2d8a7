import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { createLogger } from "lib/base/system/logger.ts";
import type { ChatLine, RoomState } from "lib/media/chat/chat_room.ts";
import { ircServer } from "lib/media/platforms/twitch/irc_connection.ts";
import { TWITCH_ENDPOINTS } from "lib/media/platforms/twitch/endpoints.ts";
import { joinIrcRoom } from "lib/media/platforms/twitch/irc_room.ts";
import { openTwitchChat } from "lib/media/platforms/twitch/twitch_chat.ts";
import { createFastClock } from "tests/fakes/fast_clock.ts";
import { type FakeChatServer, startFakeChat } from "tests/fakes/chat_server.ts";
import { until } from "tests/fakes/until.ts";
import { scaled, tellFigure } from "tests/long_run.ts";

const TOKEN = "abcdefgh12345678";

interface Scene {
  readonly clock: ReturnType<typeof createFastClock>;
  readonly server: FakeChatServer;
  readonly room: ReturnType<typeof joinIrcRoom>;
  readonly lines: ChatLine[];
  readonly states: RoomState[];
  readonly log: string[];
  readonly notices: string[];
  readonly moderator: boolean[];
}

/** Runs a check in a room on a server of its own, on a clock that runs `factor` times as fast as the real one. */
async function inRoom(
  check: (scene: Scene) => Promise<void>,
  { token = TOKEN, factor = 20, down = false, onLoginRefused }: {
    token?: string | (() => string) | null;
    factor?: number;
    down?: boolean | undefined;
    onLoginRefused?: (() => Promise<void>) | undefined;
  } = {},
): Promise<void> {
  const clock = createFastClock(factor);
  await using server = startFakeChat("somebody", clock);
  server.tokens.add(TOKEN);
  server.setDown(down);
  const scene = {
    lines: [] as ChatLine[],
    states: [] as RoomState[],
    log: [] as string[],
    notices: [] as string[],
    moderator: [] as boolean[],
  };
  const room = joinIrcRoom({
    channel: "somebody",
    identity: token === null ? undefined : {
      login: "the_bot",
      token: typeof token === "string" ? () => token : token,
    },
    onLoginRefused,
    url: server.url,
    clock,
    random: createRandom(1),
    log: createLogger({ level: "debug", write: (line) => scene.log.push(line) }),
    listener: {
      onLine: (line) => scene.lines.push(line),
      onState: (state) => scene.states.push(state),
      onModerator: (isModerator) => scene.moderator.push(isModerator),
      onNotice: ({ text, holdMs }) => scene.notices.push(`${holdMs}: ${text}`),
    },
  });
  try {
    await check({ clock, server, room, ...scene });
  } finally {
    await room.close();
  }
  assert.ok(!scene.log.join("\n").includes(TOKEN), "the log tells the token");
}

Deno.test("joinIrcRoom() hears what is said, with who said it and when", () =>
  inRoom(async ({ server, room, lines }) => {
    await until(() => room.state === "joined");
    server.say({ login: "Somebody", badges: "broadcaster/1" }, "?hello");
    server.say({ login: "anna", badges: "moderator/1,subscriber/12" }, "hi; there :) = ok");
    server.say({ login: "ben" }, "!burp");
    server.say({ login: "cleo", badges: "bot-badge/1" }, "!burp");
    await until(() => lines.length === 4);
    assert.deepEqual(lines.map(({ isBot }) => isBot), [false, false, false, true]);
    lines.pop();
    assert.deepEqual(
      lines.map(({ login, text, isBroadcaster, isModerator }) => [
        login,
        text,
        isBroadcaster,
        isModerator,
      ]),
      [
        ["somebody", "?hello", true, false],
        ["anna", "hi; there :) = ok", false, true],
        ["ben", "!burp", false, false],
      ],
    );
    assert.ok(lines.every(({ sentMs, arrivedMs }) => sentMs! > 0 && arrivedMs >= sentMs! - 1));
  }));

Deno.test("joinIrcRoom() says what it is told to, once, and learns whether it is a moderator", () =>
  inRoom(async ({ server, room, lines, moderator }) => {
    server.isModerator = true;
    await until(() => room.state === "joined");
    assert.deepEqual(await room.say("!burp"), { kind: "sent" });
    await until(() => server.received.length > 0);
    assert.deepEqual(server.received.map(({ text }) => text), ["!burp"]);
    assert.deepEqual(lines, [], "its own message came back to it");
    assert.equal(moderator.at(-1), true);
  }));

Deno.test("joinIrcRoom() only reads without an account", () =>
  inRoom(async ({ server, room }) => {
    await until(() => room.state === "joined");
    assert.equal((await room.say("!burp")).kind, "refused");
    assert.deepEqual(server.received, []);
  }, { token: null }));

Deno.test("joinIrcRoom() passes on the server's word to the bot", () =>
  inRoom(async ({ server, room, notices }) => {
    await until(() => room.state === "joined");
    server.tell("msg-id=msg_ratelimit", "NOTICE #somebody :Your message was not sent: too fast");
    await until(() => notices.length > 0);
    assert.deepEqual(notices, ["1800000: Your message was not sent: too fast"]);
  }));

const FAULTS = {
  RECONNECT: (server: FakeChatServer) => server.askToReconnect(),
  "a close": (server: FakeChatServer) => server.closeAll(),
  "a cut": (server: FakeChatServer) => {
    server.setDown(true);
    server.setDown(false);
  },
} as const;

for (const [name, fault] of Object.entries(FAULTS)) {
  Deno.test(`joinIrcRoom() is back within 3 s of ${name}, with one client`, () =>
    inRoom(async ({ clock, server, room, lines }) => {
      const waits: number[] = [];
      for (let i = 1; i <= scaled({ usual: 3, long: 30 }); i++) {
        await until(() => room.state === "joined" && server.joined() === 1);
        const lostMs = clock.monotonicMs();
        fault(server);
        await until(() => server.joinTimes.length === i + 1);
        waits.push(server.joinTimes.at(-1)! - lostMs);
        await until(() => room.state === "joined");
        server.say({ login: "ben" }, `message ${i}`);
        await until(() => lines.length >= i);
        assert.equal(lines.length, i, "a message came twice");
        assert.equal((await room.say(`answer ${i}`)).kind, "sent");
        await until(() => server.received.length >= i);
        assert.equal(server.received.length, i, "an answer was sent twice");
      }
      assert.ok(Math.max(...waits) <= 3000, `${Math.max(...waits)} ms`);
      assert.equal(server.mostJoined, 1);
      tellFigure(`chat rejoined after ${name} within ${Math.round(Math.max(...waits))} ms at most`);
    }, { factor: 1 }));
}

Deno.test("joinIrcRoom() notices a dead connection within 45 s and is back 3 s later, with one client", () =>
  inRoom(async ({ clock, server, room, lines }) => {
    await until(() => room.state === "joined");
    const deadMs = clock.monotonicMs();
    server.freeze();
    await until(() => server.joinTimes.length === 2);
    const waitMs = server.joinTimes[1]! - deadMs;
    assert.ok(waitMs <= 48_000, `${waitMs} ms`);
    await until(() => room.state === "joined");
    server.say({ login: "ben" }, "once");
    await until(() => lines.length > 0);
    assert.equal(lines.length, 1);
    assert.equal(server.joined(), 1);
    tellFigure(`chat rejoined ${Math.round(waitMs / 100) / 10} s after its connection went dead`);
  }, { factor: 20 }));

Deno.test("joinIrcRoom() lets a quiet connection be that answers", () =>
  inRoom(async ({ clock, server, room }) => {
    await until(() => room.state === "joined");
    const startMs = clock.monotonicMs();
    await until(() => clock.monotonicMs() - startMs > 40_000);
    assert.equal(server.logins.length, 1);
  }, { factor: 10 }));

Deno.test("joinIrcRoom() does not take a message that cannot leave for sent, and comes back after an outage", () =>
  inRoom(async ({ clock, server, room }) => {
    await until(() => room.state === "joined");
    server.setDown(true);
    await until(() => room.state !== "joined");
    assert.equal((await room.say("lost")).kind, "unsent");
    const downMs = clock.monotonicMs();
    await until(() => clock.monotonicMs() - downMs > 10_000);
    const backMs = clock.monotonicMs();
    server.setDown(false);
    await until(() => room.state === "joined");
    assert.ok(server.joinTimes.at(-1)! - backMs <= 3_000, `${server.joinTimes.at(-1)! - backMs} ms`);
    assert.deepEqual(server.received, []);
  }, { factor: 4 }));

Deno.test("joinIrcRoom() waits longer and longer for a chat that never was there, and says so once", () =>
  inRoom(async ({ clock, server, room, log, states }) => {
    await until(() => room.state === "waiting");
    const startMs = clock.monotonicMs();
    await until(() => clock.monotonicMs() - startMs > 300_000);
    const tries = states.filter((state) => state === "connecting").length;
    // With waits of up to half a minute; at the pace for a young outage it would be hundreds.
    assert.ok(tries >= 8 && tries <= 60, `${tries} tries in five minutes`);
    const seen = log.filter((line) => !line.startsWith("debug:"));
    assert.deepEqual(seen, ["chat: it cannot be reached; trying again"]);
    server.setDown(false);
    await until(() => room.state === "joined");
  }, { factor: 60, down: true }));

Deno.test("joinIrcRoom() does not storm a server that sends it away at once", () =>
  inRoom(async ({ clock, server, room }) => {
    await until(() => room.state === "joined");
    const startMs = clock.monotonicMs();
    const before = server.logins.length;
    while (clock.monotonicMs() - startMs < 60_000) {
      if (server.joined() > 0) server.closeAll();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const logins = server.logins.length - before;
    assert.ok(logins >= 5 && logins <= 100, `${logins} logins in a minute`);
  }, { factor: 20 }));

Deno.test("joinIrcRoom() tries a refused login at most once a minute, and says what to do", () =>
  inRoom(async ({ clock, server, log }) => {
    const startMs = clock.monotonicMs();
    await until(() => clock.monotonicMs() - startMs > 200_000);
    const times = server.logins.map(({ atMs }) => atMs);
    assert.ok(times.length >= 3, `${times.length} logins`);
    assert.ok(times.slice(1).every((atMs, i) => atMs - times[i]! >= 59_000), times.join(" "));
    assert.ok(log.some((line) => /refuses the login.*chat:read and chat:edit/.test(line)), log.join("\n"));
    assert.ok(!log.join("\n").includes("wrong-token-123"));
  }, { token: "wrong-token-123", factor: 60 }));

Deno.test("joinIrcRoom() is back at once when a token that ended was renewed, and blames no good token", () => {
  let token = TOKEN;
  return inRoom(async ({ clock, server, room, log, states }) => {
    await until(() => room.state === "joined");
    server.tokens.delete(TOKEN);
    server.tokens.add("token-of-today-123");
    const lostMs = clock.monotonicMs();
    server.closeAll();
    await until(() => room.joins === 2);
    assert.ok(clock.monotonicMs() - lostMs < 20_000, "it waited for a minute");
    assert.deepEqual(server.logins.map(({ ok }) => ok), [true, false, true]);
    assert.ok(!log.some((line) => /refuses|check|error/.test(line)), log.join("\n"));
    assert.equal(states.at(-1), "joined");
  }, {
    token: () => token,
    onLoginRefused() {
      token = "token-of-today-123";
      return Promise.resolve();
    },
  });
});

Deno.test("joinIrcRoom() hears everybody whom a raid brings, once each, on the same connection", () =>
  inRoom(async ({ server, room, lines, notices }) => {
    await until(() => room.state === "joined");
    server.tell(
      "msg-id=raid;login=friend;msg-param-login=friend;msg-param-displayName=Friend;msg-param-viewerCount=300;" +
        "system-msg=300\\sraiders\\sfrom\\sFriend",
      "USERNOTICE #somebody",
    );
    for (let i = 0; i < 300; i++) server.say({ login: `raider_${i}` }, "!burp");
    await until(() => lines.length >= 300);
    assert.equal(new Set(lines.map(({ login }) => login)).size, 300);
    assert.equal(lines.length, 300);
    assert.equal(room.joins, 1);
    assert.deepEqual(notices, [], "a raid is no word of the server to the bot");
  }));

Deno.test("openTwitchChat() says at once that the chat's address is none, and asks nobody before", async () => {
  const clock = createFastClock(1);
  const nobody = () => assert.fail("nobody is to be spoken to");
  const opening = openTwitchChat("somebody", {
    account: undefined,
    endpoints: { ...TWITCH_ENDPOINTS, irc: "ws://a.example/chat" },
    http: { request: nobody },
    fetch: nobody,
    clock,
    random: createRandom(1),
    log: createLogger({ level: "debug", write: nobody }),
    onSecret: nobody,
    signal: new AbortController().signal,
  });
  await assert.rejects(opening, { name: "TypeError", message: /TWITCH_IRC_URL must be/ });
});

Deno.test("ircServer() takes what tmi.js can reach, and says what it cannot", () => {
  assert.deepEqual(ircServer("wss://irc-ws.chat.twitch.tv"), {
    server: "irc-ws.chat.twitch.tv",
    port: 443,
    secure: true,
  });
  assert.deepEqual(ircServer("ws://127.0.0.1:8080"), { server: "127.0.0.1", port: 8080, secure: false });
  assert.throws(() => ircServer("wss://a.example:8443"), { message: /443/ });
  assert.throws(() => ircServer("ws://a.example/chat"), { message: /path/ });
});
