import assert from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "lib/base/system/clock.ts";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { readChatFile } from "lib/media/chat/chat_file.ts";
import { runCommand } from "tasks/command.ts";
import { bot } from "tasks/bot.ts";
import { withToneModel } from "tests/learning/detect/with_tone_model.ts";
import { until } from "tests/fakes/until.ts";
import { scaled, tellFigure } from "tests/long_run.ts";
import { hasProgram } from "tests/requirements.ts";
import { wavStream, withProcess } from "tests/tasks/bot_process.ts";
import { twoTracks } from "tests/tasks/two_tracks.ts";
import { createTestHost } from "tests/tasks/task_host.ts";

async function runHere(args: readonly string[]) {
  const { host, written } = createTestHost(args, ["bot"]);
  return { code: await runCommand(bot, host), ...written };
}

Deno.test("bot says in one line what is wrong with its options", async () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /give a --channel to listen to/],
    [["--live", "--source", "mic"], /--live needs the --channel/],
    [["--channel", "a_b", "--speed", "2"], /--speed belongs to --replay/],
    [["--channel", "two words"], /"two words" is no name of a channel: give 2 to 25 letters/],
    [["--channel", "a".repeat(26)], /is no name of a channel/],
    [["--channel", "https://example.com/somebody"], /is no name of a channel/],
    [["--replay", "a.wav", "--live"], /leave --live out/],
    [
      ["--channel", "somebody", "--model", "models/burp", "--event", "sneeze"],
      /--event sneeze is unknown to the model/,
    ],
    [["--channel", "somebody", "--sound", "xyzzy"], /--sound "xyzzy" is no sound that is known/],
    [["--channel", "somebody", "--votes", "3"], /--votes 3 is more than there are models/],
  ];
  for (const [args, message] of cases) {
    const { code, err } = await runHere(args);
    assert.equal(code, 2, err);
    assert.match(err, message);
  }
});

Deno.test("bot --replay names a chat or annotations that it cannot read", async () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["--chat", "missing.csv"], /--chat missing\.csv: there is no such file/],
    [["--annotations", "missing.csv"], /--annotations missing\.csv: there is no such file/],
    [["--annotations", "LICENSE"], /LICENSE: Cannot read events/],
  ];
  for (const [args, message] of cases) {
    const { code, err } = await runHere(["--replay", "a.wav", ...args]);
    assert.equal(code, 1, err);
    assert.match(err, message);
  }
});

Deno.test("bot --replay prints what would have been said", () =>
  withToneModel(async ({ modelDir, recording, folder }) => {
    const report = join(folder, "page.html");
    const args = [
      "--replay",
      recording,
      "--model",
      modelDir,
      "--event",
      "low",
      "--no-announce",
      "--report",
      report,
    ];
    const { code, out, err } = await runHere(args);
    assert.equal(code, 0, err);
    assert.match(out, /^00:00:04\.000 {2}!low\n$/);
    assert.match(err, /2 lows heard, 1 answered, 1 left unanswered, 0 taken back/);
    assert.match(err, /unanswered because the cooldown after another answer is not over \(1\)/);
    assert.ok(!err.includes("people"), "figures about people without a chat");
    const page = await Deno.readTextFile(report);
    const sounds = [
      ...page.matchAll(/<audio [^>]*src="data:audio\/wav;base64,([^"]+)" aria-label="low at /g),
    ];
    assert.equal(sounds.length, 2, "the answered sound and the other one");
    for (const [, sound] of sounds) {
      assert.ok(sound!.length > 2 * 16_000, "more than a second is to be heard");
    }
  }));

Deno.test({
  name: "bot --replay hears the track that players play, says which, or the one that --track names",
  ignore: !(await hasProgram("ffmpeg")),
  fn: () =>
    withToneModel(async ({ modelDir, recording, folder }) => {
      const path = await twoTracks(recording, folder);
      const args = ["--replay", path, "--model", modelDir, "--event", "low", "--no-announce"];
      const played = await runHere(args);
      assert.match(played.out, /!low/);
      assert.match(played.err, /audio track 2 "game" eng of 2 is heard/);
      const mic = await runHere([...args, "--track", "mic"]);
      assert.equal(mic.code, 0, mic.err);
      assert.equal(mic.out, "");
      assert.match(mic.err, /audio track 1 "mic" of 2 is heard/);
    }),
});

for (const sender of ["chat", "helix"] as const) {
  Deno.test(`bot --live answers by ${sender}, obeys, writes down, and ends at SIGTERM with whole files`, () =>
    withProcess(
      { args: ["--sender", sender, "--no-announce"] },
      async ({ child, chat, helix, folder, written: log }) => {
        const said = () => (sender === "chat" ? chat.received : helix.posted).map(({ text }) => text);
        await until(() => said().includes("!low"));
        chat.say({ login: "somebody", badges: "broadcaster/1" }, "?hello");
        await until(() => said().some((text) => text.startsWith("[bot] hello")));
        chat.say({ login: "anna", badges: "moderator/1" }, "?wrong");
        await until(() => said().includes("[bot] noted: that was none"));
        child.kill("SIGTERM");
        assert.equal((await child.status).code, 143);
        assert.equal(said().filter((text) => text === "!low").length, 1);
        assert.equal((sender === "chat" ? helix.posted : chat.received).length, 0);
        const [chatFile] = await Array.fromAsync(Deno.readDir(join(folder, "chats")));
        const lines = await Array.fromAsync(readChatFile(join(folder, "chats", chatFile!.name)));
        const written = lines.map(({ message }) => message).toSorted();
        assert.deepEqual(written.slice(0, 3), ["!low", "?hello", "?wrong"]);
        const labels = await Deno.readTextFile(join(folder, "data/labels.jsonl"));
        assert.match(labels, /"label":"not-low"/);
        await assertWhole(folder);
        assert.match(log(), /low from \d\.\d\d to \d\.\d\d s, score/);
      },
    ));
}

Deno.test("bot --live with a token that lacks a scope says in one line what to do", () =>
  withProcess({ args: ["--sender", "helix"], scopes: ["chat:read"] }, async ({ child, written }) => {
    assert.equal((await child.status).code, 1);
    await until(() =>
      /error: The token of the_bot lacks the scope user:write:chat: get a new one/.test(written())
    );
  }));

Deno.test("bot --live that is started anew at once does not repeat what it said just before", () =>
  withProcess(
    { args: ["--sender", "helix", "--no-announce", "--cooldown", "0", "--max-age", "1"] },
    async ({ helix, restart, written }) => {
      const heard = () => written().split("low from ").length - 1;
      await until(() => helix.posted.length === 1);
      await restart();
      await until(() => heard() === 2 && /does not say "!low"/.test(written()));
      assert.match(written(), /does not say "!low": .*the same text was sent just before/);
      assert.deepEqual(helix.posted.map(({ text }) => text), ["!low"]);
    },
  ));

Deno.test("bot --live whose token ends while the chat drops joins again at once, and blames no good token", () =>
  withProcess({
    args: ["--no-announce"],
    env: { TWITCH_BOT_REFRESH_TOKEN: "refresh-1-secret", TWITCH_CLIENT_ID: "client-of-the-bot" },
  }, async ({ chat, helix, written }) => {
    await until(() => chat.joined() === 1);
    const [token, facts] = [...helix.tokens][0]!;
    helix.tokens.delete(token);
    helix.tokens.set("renewed-token-1", facts);
    helix.refreshes.set("refresh-1-secret", { access: "renewed-token-1", refresh: "refresh-2-secret" });
    chat.tokens.clear();
    chat.tokens.add("renewed-token-1");
    chat.closeAll();
    // Of the minute that a bad login waits, nothing: three logins, one after the other.
    await until(() => chat.logins.length === 3 && chat.joined() === 1);
    assert.deepEqual(chat.logins.map(({ ok }) => ok), [true, false, true]);
    assert.ok(!/refuses|check that/.test(written()), written());
    assert.ok(!/renewed-token-1|refresh-\d-secret/.test(written()), "the log tells a token");
  }));

Deno.test("bot refuses a secret on the command line in one sentence, and does not repeat it", async () => {
  const secret = "abcdefgh12345678";
  for (
    const [flag, variable] of [
      ["--bot-token", "TWITCH_BOT_TOKEN"],
      ["--bot-refresh-token", "TWITCH_BOT_REFRESH_TOKEN"],
      ["--client-secret", "TWITCH_CLIENT_SECRET"],
      ["--token", "TWITCH_TOKEN"],
      ["--TWITCH_BOT_TOKEN", "TWITCH_BOT_TOKEN"],
    ]
  ) {
    for (const args of [[flag!, secret], [`${flag}=${secret}`], [flag!, `-${secret}`], [flag!]]) {
      const { code, out, err } = await runHere(["--channel", "somebody", "--live", ...args]);
      assert.equal(code, 2);
      assert.match(
        err,
        new RegExp(`^error: ${flag} would show a secret .* environment as ${variable}, or into data/`),
      );
      assert.ok(!(out + err).includes(secret), err);
    }
  }
});

Deno.test({
  name: "bot that npx started ends when npx is ended",
  ignore: !(await hasPs()),
  fn: () =>
    withProcess({ throughShell: true, env: { npm_command: "exec" } }, async ({ child, chat }) => {
      await until(() => chat.joined() === 1);
      // As npm does: only the shell hears of it.
      child.kill("SIGTERM");
      await child.status;
      await until(() => chat.joined() === 0);
    }),
});

/** Whether the system can tell whose child a process is; not every small one can. */
async function hasPs(): Promise<boolean> {
  return await new Deno.Command("ps", { args: ["-o", "ppid=", "-p", String(Deno.pid)], stdout: "null" })
    .output()
    .then(({ success }) => success, () => false);
}

/** Every file that another program may read is complete. */
async function assertWhole(folder: string): Promise<void> {
  const found = join(folder, "found", "somebody");
  if (!await Deno.stat(found).then(() => true, () => false)) return;
  for await (const entry of Deno.readDir(join(found, "clips"))) {
    if (entry.name.startsWith(".")) continue;
    assert.ok(
      (await readSamples(join(found, "clips", entry.name), { sampleRate: 8000 })).length > 0,
      entry.name,
    );
  }
  const index = await Deno.readTextFile(join(found, "detections.jsonl")).catch(() => "");
  assert.ok(index === "" || index.endsWith("}\n"));
  for (const line of index.split("\n").filter(Boolean)) JSON.parse(line);
}

Deno.test({
  name: "bot leaves no ffmpeg and no torn file behind, whenever it is ended",
  ignore: Deno.build.os === "windows" || !(await hasProgram("ffmpeg")),
  async fn() {
    const kills = scaled({ usual: 2, long: 20 });
    for (let i = 0; i < kills; i++) {
      const signal = i % 2 === 0 ? "SIGKILL" : "SIGTERM";
      const name = `stream-${i}-${crypto.randomUUID().slice(0, 8)}.flac`;
      await withProcess({
        args: ["--no-announce"],
        async recording(folder) {
          const path = join(folder, name);
          const { path: ffmpeg } = await requireProgram("ffmpeg");
          await runToEnd(ffmpeg, ["-v", "error", "-i", await wavStream(folder), path]);
          return path;
        },
      }, async ({ child, chat, folder }) => {
        // From before the first sound to after the first answer.
        if (i % 4 < 2) await until(() => chat.received.length > 0);
        else await systemClock.sleep(1_000 + 400 * i);
        child.kill(signal);
        await child.status;
        await until(() => programsWith(name).length === 0);
        await assertWhole(folder);
        // Before anything was said there is no folder.
        const chats = await Array.fromAsync(Deno.readDir(join(folder, "chats"))).catch(() => []);
        for (const entry of chats) {
          // A file that was about to appear is left under its temporary name, which nobody reads.
          if (entry.name.startsWith(".")) continue;
          await Array.fromAsync(readChatFile(join(folder, "chats", entry.name)));
        }
      });
    }
    tellFigure(`${kills} ends of the bot by signal: no ffmpeg left, no torn file`);
  },
});

/** Processes that have a text in their command line, where the system tells of them. */
function programsWith(text: string): string[] {
  if (Deno.build.os !== "linux") return [];
  return [...Deno.readDirSync("/proc")].filter(({ name }) => /^\d+$/.test(name)).flatMap(({ name }) => {
    try {
      const line = Deno.readTextFileSync(`/proc/${name}/cmdline`);
      return line.includes("ffmpeg") && line.includes(text) ? [name] : [];
    } catch {
      return [];
    }
  });
}
