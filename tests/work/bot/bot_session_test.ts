import assert from "node:assert/strict";
import { join } from "node:path";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { readChatFile } from "lib/media/chat/chat_file.ts";
import { openChatRecorder } from "lib/work/bot/chat_recorder.ts";
import { openDetectionArchive } from "lib/work/bot/detection_archive.ts";
import { DEFAULT_LIMITS } from "lib/work/bot/send_limits.ts";
import { until } from "tests/fakes/until.ts";
import { heard, playSession, RATE } from "tests/work/bot/played_session.ts";

const boss = (line: string) => ({ line, from: "somebody", badge: "broadcaster" } as const);
const texts = (said: readonly (readonly [number, string])[]) => said.map(([, text]) => text);

Deno.test("startBotSession() answers an event when it is heard first, and only once", async () => {
  const event = heard(1, 3.2).kind === "heard"
    ? { onset: 3.2, offset: 3.8, label: "burp", score: 0.8 }
    : undefined;
  const { said, records } = await playSession(20, {
    4: [{ hear: [heard(1, 3.2, true)] }],
    6: [{ hear: [{ kind: "confirmed", id: 1, event: event! }] }],
    // The same sound under another number, as after a change of the threshold.
    7: [{ hear: [heard(2, 3.4)] }],
  });
  assert.deepEqual(said, [[4, "!burp"]]);
  assert.equal(records.filter(({ kind }) => kind === "heard").length, 1);
});

Deno.test("startBotSession() announces an event before the command", async () => {
  const { said } = await playSession(10, { 4: [{ hear: [heard(1, 3)] }] }, {
    announcement: "[bot] detected burp",
  });
  assert.deepEqual(said, [[4, "[bot] detected burp"], [5.1, "!burp"]]);
});

Deno.test("startBotSession() is silent about advertisements, other sounds, and what a person was quicker with", async () => {
  const other = heard(9, 20);
  const { said, log } = await playSession(60, {
    4: [{ notice: "advertisement-begin" }, { hear: [heard(1, 3)] }],
    6: [{ notice: "advertisement-end" }],
    8: [{ hear: [heard(2, 7)] }],
    45: [{ line: "lol !BURP", from: "ben" }],
    47: [{ hear: [heard(3, 46)] }],
    55: [{ hear: other.kind === "heard" ? [{ ...other, event: { ...other.event, label: "cough" } }] : [] }],
  });
  assert.deepEqual(said, [[8, "!burp"]]);
  assert.match(log, /an advertisement runs/);
  assert.match(log, /a person was quicker/);
});

Deno.test("startBotSession() takes no bot for a person, and orders of the broadcaster and moderators only", async () => {
  const { said } = await playSession(80, {
    2: [{ line: "!burp", from: "nightbot" }, { line: "!burp", from: "the_bot" }, {
      line: "!burp",
      from: "somebodys_program",
      badge: "bot",
    }],
    3: [{ hear: [heard(1, 2)] }, { line: "?bcstop", from: "ben" }],
    40: [{ line: "?bcstop", from: "anna", badge: "moderator" }],
    42: [{ hear: [heard(2, 41)] }],
    44: [boss("?BCSTART")],
    46: [{ hear: [heard(3, 45)] }],
    50: [boss("?hello")],
    52: [boss("?burps")],
    54: [boss("?threshold")],
  });
  assert.deepEqual(texts(said), [
    "!burp",
    "[bot] I am silent about every burp",
    "[bot] I answer every burp",
    "!burp",
    "[bot] hello somebody, I listen for every burp",
    "[bot] 3 burps today",
    "[bot] the threshold is 0.5",
  ]);
});

Deno.test("startBotSession() tells of trouble with the stream once, until sound arrives again", async () => {
  const { log } = await playSession(12, {
    2: [{ notice: "retry" }],
    3: [{ notice: "retry" }],
    4: [{ notice: "stall" }, { notice: "retry" }],
    6: [{ notice: "online" }],
    8: [{ notice: "retry" }],
  });
  const seen = log.split("\n").filter((line) => /^(?:retry|stall|online)$/.test(line));
  assert.deepEqual(seen, ["retry", "stall", "online", "retry"]);
});

Deno.test("startBotSession() begins the detector anew with another threshold", async () => {
  const { said, thresholds } = await playSession(20, {
    3: [boss("?threshold 0.8")],
    6: [{ hear: [heard(1, 5)] }],
    10: [boss("?threshold 7")],
  });
  assert.deepEqual(thresholds, [0.5, 0.8]);
  assert.deepEqual(texts(said), [
    "[bot] the threshold is 0.8",
    "!burp",
    "[bot] a threshold is a number from 0.05 to 1, such as ?threshold 0.8",
  ]);
});

Deno.test("startBotSession() answers orders after a stream that went off the air within an advertisement", async () => {
  const { said } = await playSession(12, {
    2: [{ notice: "advertisement-begin" }],
    4: [boss("?bcstart")],
    6: [{ notice: "offline" }],
  });
  assert.deepEqual(said, [[6, "[bot] I answer every burp"]]);
});

Deno.test("startBotSession() keeps clips within bounds, and makes a hard negative of what was wrong", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const archive = await openDetectionArchive(join(folder, "found"), 2);
    const ledger = openLedger(join(folder, "labels.jsonl"));
    const store = {
      archive,
      ledger,
      clipsRoot: join(folder, "clips"),
      model: "tone",
      grid: { startTime: 0, period: 0.04 },
      column: 0,
      width: 1,
    };
    const answers: string[] = [];
    const { said } = await playSession(30, {
      4: [{ hear: [heard(1, 3)] }],
      8: [{ hear: [heard(2, 7)] }],
      12: [{ hear: [heard(3, 11, true)] }],
      13: [{
        hear: [{ kind: "withdrawn", id: 3, event: { onset: 11, offset: 11.5, label: "burp", score: 0.9 } }],
      }],
      16: [{ hear: [heard(4, 15)] }],
      // Before the clip is there: it waits for the sound after the event.
      17: [boss("?wrong")],
      22: [boss("?wrong")],
    }, {
      store,
      onRecord: (record) => {
        if (record.kind === "decision") answers.push(record.decision.message.text);
      },
      // Lets files be written.
      onSecond: (second) => second === 19 ? until(() => answers.length > 4) : undefined,
    });
    assert.deepEqual(texts(said).slice(1), ["[bot] noted: that was none", "[bot] that is noted already"]);
    assert.deepEqual(archive.kept().map(({ onset }) => onset), [7, 15]);
    const clips = await Array.fromAsync(Deno.readDir(join(folder, "found/clips")));
    assert.equal(clips.length, 2);
    const [kept] = archive.kept();
    const samples = await readSamples(join(folder, "found", kept!.clip), { sampleRate: RATE });
    assert.equal(samples.length, 2.5 * RATE);
    assert.ok(Math.abs(samples[0]! - 0.07) < 1e-3, "the clip is from another time");
    const [label, ...more] = await ledger.current();
    assert.deepEqual(more, []);
    assert.equal(label!.label, "not-burp");
    assert.deepEqual([label!.onset, label!.source], [15, {
      kind: "chat",
      name: "somebody",
      command: "?wrong",
    }]);
    assert.equal((await Deno.stat(ledger.clipPath(label!.clip!))).isFile, true);
    const reopened = await openDetectionArchive(join(folder, "found"), 2);
    assert.deepEqual(reopened.kept(), archive.kept());
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("startBotSession() writes the chat down with exact times, its own words too", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "chats", "twitch-chat-1.csv");
    const recorder = openChatRecorder(path, {
      onError: (error) => {
        throw error;
      },
    });
    await playSession(12, {
      3: [{ line: 'say "hi", all', from: "ben" }],
      5: [{ hear: [heard(1, 4)] }],
      // What the bot said comes back, because it was sent another way.
      6: [{ line: "!burp", from: "the_bot" }],
    }, { recorder });
    assert.deepEqual(await Array.fromAsync(readChatFile(path)), [
      { time: 2.96, message: 'say "hi", all', userName: "ben" },
      { time: 5, message: "!burp", userName: "the_bot" },
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("startBotSession() says within the segment's arrival what it hears", async () => {
  const { records } = await playSession(5, { 4: [{ hear: [heard(1, 3.2)] }] }, { limits: DEFAULT_LIMITS });
  const sent = records.find((record) => record.kind === "decision" && record.decision.kind === "send");
  assert.ok(sent?.kind === "decision" && sent.decision.kind === "send");
  assert.deepEqual([sent.decision.atMs, sent.decision.waitedMs], [4000, 0]);
});

Deno.test("startBotSession() does not answer a sound that an outage has made old, and answers the next one", async () => {
  const { said, log } = await playSession(80, {
    5: [{ hear: [heard(1, 4)] }],
    // Sound of second 40 comes 31 s late, that of 60 eleven, and that of 70 in time.
    40: [{ heldUntil: 71 }, { hear: [heard(2, 39)] }],
    60: [{ hear: [heard(3, 59)] }],
    73: [{ hear: [heard(4, 72)] }],
  }, { limits: { ...DEFAULT_LIMITS, cooldownMs: 0, repeatMs: 0 } });
  assert.deepEqual(said, [[5, "!burp"], [73, "!burp"]]);
  assert.match(log, /burp from 39\.00 to 39\.50 s, score 0\.90, its sound came 31 s late/);
  assert.match(log, /does not say "!burp": the sound came too late \(31 s old, 8 s are allowed\)/);
  assert.match(log, /does not say "!burp": the sound came too late \(11 s old, 8 s are allowed\)/);
});

Deno.test("startBotSession() takes no break between two broadcasts for lateness", async () => {
  const { said } = await playSession(60, {
    20: [{ notice: "ended" }, { heldUntil: 40 }],
    50: [{ hear: [heard(1, 49)] }],
  });
  assert.deepEqual(said, [[50, "!burp"]]);
});
