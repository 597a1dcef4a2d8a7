import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { systemClock } from "lib/base/system/clock.ts";
import { createLogger } from "lib/base/system/logger.ts";
import { createSecretSet } from "lib/base/system/secrets.ts";
import { createHttpClient } from "lib/media/net/http_client.ts";
import { createHelixSender } from "lib/media/platforms/twitch/helix_sender.ts";
import { openTokenKeeper } from "lib/media/platforms/twitch/token_keeper.ts";
import { createVirtualClock } from "lib/work/bot/virtual_clock.ts";
import { type FakeHelix, startFakeHelix } from "tests/fakes/helix_server.ts";
import { until } from "tests/fakes/until.ts";

const SCOPES = ["chat:read", "user:write:chat"];
const OLD = "oldtoken12345";
const NEW = "newtoken67890";
const REFRESH = "refreshtoken1";

const account = (scopes: readonly string[] = SCOPES, expiresIn = 14_000) => ({
  login: "the_bot",
  userId: "7",
  scopes,
  expiresIn,
});

interface Scene {
  readonly server: FakeHelix;
  readonly clock: ReturnType<typeof createVirtualClock>;
  readonly log: string[];
  open(secrets: { token: string; refreshToken?: string }): ReturnType<typeof openTokenKeeper>;
  readonly service: { http: ReturnType<typeof createHttpClient>; endpoints: { helix: string; id: string } };
}

async function withServer(check: (scene: Scene) => Promise<void>): Promise<void> {
  const clock = createVirtualClock(0);
  await using server = startFakeHelix(clock);
  server.users.set("somebody", "1");
  const http = createHttpClient({
    fetch,
    clock: systemClock,
    random: createRandom(1),
    retry: { attempts: 1 },
  });
  const endpoints = { helix: server.helixUrl, id: server.idUrl };
  const log: string[] = [];
  const secrets = createSecretSet();
  await check({
    server,
    clock,
    log,
    service: { http, endpoints },
    open: (given) =>
      openTokenKeeper({ ...given, clientId: "client-of-the-bot" }, {
        service: { http, endpoints },
        scopes: SCOPES,
        clock,
        log: secrets.hiding(createLogger({ level: "debug", write: (line) => log.push(line) })),
        onSecret: (secret) => secrets.add(secret),
      }),
  });
  for (const secret of [OLD, NEW, REFRESH]) {
    assert.ok(!log.join("\n").includes(secret), "the log tells a secret");
  }
}

Deno.test("openTokenKeeper() accepts a good token, with or without oauth: in front", () =>
  withServer(async ({ server, open }) => {
    server.tokens.set(OLD, account());
    assert.equal((await open({ token: `oauth:${OLD}` })).token(), OLD);
    assert.equal((await open({ token: OLD })).facts().login, "the_bot");
  }));

Deno.test("openTokenKeeper() says in one sentence what is wrong with a token, and what to do", () =>
  withServer(async ({ server, open }) => {
    await assert.rejects(open({ token: OLD }), {
      message: /does not accept.*get a new one.*TWITCH_BOT_TOKEN$/,
    });
    server.tokens.set(OLD, account(["chat:read"]));
    await assert.rejects(open({ token: OLD }), {
      message: /the_bot lacks the scope user:write:chat: get a new one/,
    });
    await assert.rejects(open({ token: " " }), { message: /no token/ });
  }));

Deno.test("openTokenKeeper() gets another token at the start, and when the hourly look finds none", () =>
  withServer(async ({ server, clock, log, open }) => {
    server.tokens.set(NEW, account());
    server.refreshes.set(REFRESH, { access: NEW, refresh: "refreshtoken2" });
    const keeper = await open({ token: OLD, refreshToken: REFRESH });
    assert.equal(keeper.token(), NEW);

    const stop = new AbortController();
    const watching = keeper.watch(stop.signal);
    await clock.advanceTo(3_600_000);
    await until(() => server.requests.filter((line) => line.endsWith("validate")).length === 3);
    server.tokens.delete(NEW);
    server.tokens.set("third-token-99", account());
    server.refreshes.set("refreshtoken2", { access: "third-token-99", refresh: "refreshtoken3" });
    await clock.advanceTo(7_300_000);
    await until(() => keeper.token() === "third-token-99");
    stop.abort();
    await watching;
    assert.ok(!log.join().includes("third-token-99") && !log.join().includes("refreshtoken2"));
  }));

Deno.test("openTokenKeeper() renews once for all who ask at the same time", () =>
  withServer(async ({ server, open }) => {
    server.tokens.set(OLD, account());
    server.refreshes.set(REFRESH, { access: NEW, refresh: "refreshtoken2" });
    const keeper = await open({ token: OLD, refreshToken: REFRESH });
    assert.deepEqual(await Promise.all([keeper.renew(), keeper.renew()]), [true, true]);
    assert.equal(keeper.token(), NEW);
    assert.equal(server.requests.filter((line) => line.endsWith("token")).length, 1);
  }));

Deno.test("openTokenKeeper() goes on with a token that ended and cannot be renewed, and says so", () =>
  withServer(async ({ server, clock, log, open }) => {
    server.tokens.set(OLD, account());
    const keeper = await open({ token: OLD, refreshToken: "used up already" });
    server.tokens.delete(OLD);
    const stop = new AbortController();
    const watching = keeper.watch(stop.signal);
    await clock.advanceTo(3_600_000);
    await until(() => log.some((line) => /token any more: get a new one/.test(line)));
    stop.abort();
    await watching;
  }));

Deno.test("createHelixSender() tells what became of each message, and sends none twice", () =>
  withServer(async ({ server, open, service }) => {
    server.tokens.set(OLD, account());
    const sender = await createHelixSender("somebody", await open({ token: OLD }), service);
    const outcomes: string[] = [];
    for (const answer of ["shown", "dropped", "rate-limited", "error", "hangs up", "forbidden"] as const) {
      server.answer = () => answer;
      const delivery = await sender.send("!burp");
      const wait = "waitMs" in delivery ? ` wait ${delivery.waitMs}` : "";
      outcomes.push(`${answer}: ${delivery.kind}${wait}`);
    }
    assert.deepEqual(outcomes, [
      "shown: delivered",
      "dropped: refused",
      "rate-limited: refused wait 30000",
      "error: unknown",
      "hangs up: unknown",
      "forbidden: refused wait 60000",
    ]);
    assert.equal(server.posted.length, 6);
    assert.deepEqual([server.posted[0]!.senderId, server.posted[0]!.broadcasterId], ["7", "1"]);
  }));

Deno.test("createHelixSender() renews a token that is refused, once, and knows channels that are not there", () =>
  withServer(async ({ server, open, service }) => {
    server.tokens.set(OLD, account());
    server.tokens.set(NEW, account());
    server.refreshes.set(REFRESH, { access: NEW, refresh: "refreshtoken2" });
    const keeper = await open({ token: OLD, refreshToken: REFRESH });
    const sender = await createHelixSender("somebody", keeper, service);
    server.tokens.delete(OLD);
    assert.equal((await sender.send("!burp")).kind, "delivered");
    server.tokens.delete(NEW);
    assert.equal((await sender.send("!burp")).kind, "refused");
    await assert.rejects(createHelixSender("nobody", keeper, service), { problem: "expired-token" });
    server.tokens.set(NEW, account());
    await assert.rejects(createHelixSender("nobody", keeper, service), { message: /no channel nobody/ });
  }));
