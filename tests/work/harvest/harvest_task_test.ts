import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { parseLedger } from "lib/learning/dataset/ledger_text.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { writeChatFile } from "lib/media/chat/chat_file.ts";
import type { HarvestRecord } from "lib/work/harvest/harvest_record.ts";
import { describeDoubts, describeOutcome } from "tasks/harvest/describe_outcome.ts";
import { plantStream } from "tests/fakes/planted_stream.ts";
import { fakeVod, startFakeTwitch } from "tests/fakes/twitch_server.ts";
import { makeMediaOf } from "tests/fakes/vod_media.ts";
import { endpointsOf, NAME, run, withData } from "tests/work/harvest/harvest_command.ts";
import { listTree } from "tests/work/harvest/folder_tree.ts";
import { scaled, tellFigure } from "tests/long_run.ts";
import { hasProgram } from "tests/requirements.ts";
import { twoTracks } from "tests/tasks/two_tracks.ts";

const ignore = !(await hasProgram("ffmpeg"));
const KILLS = scaled({ usual: 4, long: 50 });
const KILL_SWITCH = ["--preload", join(import.meta.dirname!, "..", "..", "fakes", "kill_switch.ts")];

/** All files byte for byte, and labels without what differs from run to run, in any order. */
async function results(data: string): Promise<Map<string, string>> {
  const tree = await listTree(data);
  const kept = [...tree].filter(([path]) => path !== "labels.jsonl" && !path.endsWith(".lock"));
  const labels = parseLedger(
    new TextDecoder("latin1").decode(
      await Deno.readFile(join(data, "labels.jsonl")),
    ),
    "labels",
  );
  const lines = labels.entries.map(({ id: _id, time: _time, ...entry }) => JSON.stringify(entry)).sort();
  return new Map([...kept.sort(), ["labels", lines.join("\n")], ["torn", String(labels.torn?.length ?? 0)]]);
}

Deno.test({
  name: "harvest --local hears the track that players play, says which once, or the one that --track names",
  ignore,
  fn: async () => {
    const stream = plantStream();
    for (const [track, found] of [[[], 4], [["--track", "mic"], 0]] as const) {
      await withData(stream, async (data) => {
        const wav = join(data, "sound.wav");
        await writeWav(wav, stream.samples, { sampleRate: stream.sampleRate });
        const local = await twoTracks(wav, data, `${NAME}.mkv`);
        const args = ["--data", data, "--local", local, "--model", "none", "--json", ...track];
        const { code, out, err } = await run(args);
        assert.equal(code, 0, err);
        assert.equal(JSON.parse(out).outcomes.found ?? 0, found);
        assert.equal(err.split("of 2 is heard").length - 1, 1, err);
      });
    }
  },
});

Deno.test("harvest cuts clips from a local recording, without network and without ffmpeg", async () => {
  const stream = plantStream();
  await withData(stream, async (data) => {
    const wav = join(data, `vod ${NAME}.wav`);
    await writeWav(wav, stream.samples, { sampleRate: stream.sampleRate });
    const args = ["--data", data, "--local", wav, "--model", "none"];
    const planned = await run([...args, "--dry-run"]);
    assert.equal(planned.code, 0, planned.err);
    assert.match(planned.out, /4 mentions, 4 of them new; would listen to 84 s of .*1746376348\.wav/);
    assert(!(await listTree(data)).has("labels.jsonl"));
    const { code, out, err } = await run([...args, "--json", "--report"], { FFMPEG_PATH: "/missing/ffmpeg" });
    assert.equal(code, 0, err);
    const summary = JSON.parse(out);
    assert.deepEqual(summary.outcomes, { found: 4 });
    assert.equal(summary.negatives, 8);
    const page = await Deno.readTextFile(join(data, "reports", "harvest-burp.html"));
    assert.match(page, /Mentions in 1746376348/);
    assert.match(page, /Delay from a burp to the first message/);
    assert.match(
      page,
      /<audio [^>]*src="\.\.\/clips\/burp-audio\/1746376348_[\w]+\.wav" aria-label="clip at /,
    );
    assert.match(page, /media-src [^"]* file:/, "the page may play what lies beside it");
    const again = await run(args);
    assert.match(again.out, /added 0 positive, 0 undecided and 0 negative clips/);
  });
});

Deno.test("harvest places a recording that starts late, and pairs files with chats by order", async () => {
  const stream = plantStream();
  await withData(stream, async (data) => {
    const wav = join(data, "my recording.wav");
    await writeWav(wav, stream.samples.subarray(60 * stream.sampleRate), { sampleRate: stream.sampleRate });
    const args = ["--data", data, "--local", wav, "--offset", "60", "--model", "none", "--json"];
    const { code, out, err } = await run(args);
    assert.equal(code, 0, err);
    assert.deepEqual(JSON.parse(out).outcomes, { outside: 1, found: 3 });
    const { entries } = parseLedger(await Deno.readTextFile(join(data, "labels.jsonl")), "labels");
    const onsets = entries.filter((entry) => entry.label === "burp").map((entry) => entry.onset);
    stream.truth.slice(1).forEach(({ onset }, i) => assert(Math.abs(onsets[i]! - onset) < 0.3, `${onsets}`));
    assert(entries.every((entry) => entry.recording === NAME));
  });
});

Deno.test("harvest says what is wrong in one line, and which way out there is", async () => {
  await withData(plantStream({ seconds: 60, events: [30] }), async (data) => {
    const cases: [string[], number, RegExp][] = [
      [["--local", "a.wav", "--local", "b.wav"], 2, /2 --local without a VOD id in the name, but 1 chats/],
      [["--vod", "not a vod"], 2, /--vod "not a vod" is no VOD/],
      [["--command", "/(/"], 2, /is no regular expression/],
      [["--offset", "x", "--local", "a.wav"], 2, /--offset must be seconds/],
      [["--local", join(data, `${NAME}.wav`)], 1, /there is no such file/],
      [[join(data, "no chat.csv")], 1, /^error: .*no chat\.csv: no such file or directory\n$/],
      [["--event", "burp", "--model", join(data, "missing")], 1, /there is no such folder/],
    ];
    for (const [args, wanted, message] of cases) {
      const { code, err } = await run(["--data", data, "--model", "none", ...args]);
      assert.equal(code, wanted, `${args.join(" ")}: ${err}`);
      assert.match(err, message);
    }
    await Deno.writeTextFile(join(data, "chats", "twitch-chat-2746376348.csv"), "time,words\n1,hello\n");
    const { code, err } = await run(["--data", data, "--dry-run"]);
    assert.equal(code, 1);
    assert.match(err, /twitch-chat-2746376348\.csv, line 1: /);
  });
});

Deno.test("harvest passes over a chat of no VOD, says how to use it, and goes on with the others", async () => {
  const stream = plantStream({ seconds: 60, events: [30], others: [] });
  await withData(stream, async (data) => {
    const chat = join(data, "chats", "twitch-chat-mine.csv");
    await writeChatFile(chat, stream.chat);
    const plan = await run(["--data", data, "--model", "none", "--dry-run"]);
    assert.equal(plan.code, 0, plan.err);
    assert.match(plan.out, /^1746376348: .* would listen to 21 s of VOD 1746376348\n$/);
    assert.match(
      plan.err,
      /^warning: .*twitch-chat-mine\.csv: skipped, .* or give its recording with --local\n$/,
    );
    await Deno.mkdir(join(data, "vods"));
    const wav = join(data, "vods", "mine.wav");
    await writeWav(wav, stream.samples, { sampleRate: stream.sampleRate });
    const named = await run(["--data", data, "--model", "none", chat]);
    assert.equal(named.code, 1);
    assert.match(named.err, /^error: .*skipped, .*harvest it with --local .*mine\.wav\n$/);
    const local = await run(["--data", data, "--model", "none", "--local", wav]);
    assert.equal(local.code, 0, local.err);
    assert.match(local.out, /^mine: 1 mention \(1 found.*\), 2 negatives; added 1 positive/);
    assert.match(local.err, /nobody has listened yet.*; `deno task label` asks/);
  });
});

Deno.test("describeOutcome() tells weak finds, what is missing, and that all failed", () => {
  const best = { onset: 1, offset: 2, delay: 5, salience: 9, level: -20 };
  const mention = (time: number, probability: number) => ({
    time,
    lastTime: time,
    votes: 1,
    count: 1,
    outcome: "found" as const,
    candidates: [{ ...best, probability }],
  });
  const record: HarvestRecord = {
    formatVersion: 1,
    event: "burp",
    command: "!burp",
    recording: NAME,
    name: NAME,
    chat: { file: "chat.csv", messages: 9, commands: 3, botCommands: 0, hints: 0 },
    mentions: [mention(10, 0.9), mention(50, 0.6), {
      ...mention(90, 0),
      outcome: "unavailable",
      candidates: [],
    }],
    negatives: [],
    muted: [],
    problems: [],
  };
  const added = { positives: 2, unsure: 0, negatives: 0 };
  assert.equal(
    describeOutcome({ record, added, failed: true }),
    `${NAME}: 3 mentions (2 found, 1 of them weak; 1 unavailable), 0 negatives; added 2 positive, 0 undecided and ` +
      "0 negative clips; not all of it could be had: run it again for the rest",
  );
  const none = { positives: 0, unsure: 0, negatives: 0 };
  assert.equal(describeOutcome({ record, added: none, failed: true }), `${NAME}: failed, nothing was added`);
  assert.deepEqual(describeDoubts([{ record, added: none, failed: false }]), []);
  assert.match(
    describeDoubts([{ record, added, failed: false }])[0]!,
    /yet: 1 clip in burp-audio less than 0\.8 probable; /,
  );
});

Deno.test({
  name: "harvest fetches the chat of a VOD and its sound, and cuts videos if wanted",
  ignore,
  fn: async () => {
    const stream = plantStream({ seconds: 100, events: [30, 75], others: [] });
    const media = await makeMediaOf(stream.samples, { sampleRate: stream.sampleRate, picture: true });
    const chat = stream.chat.map((message) => ({ ...message, userName: message.userName! }));
    await using twitch = startFakeTwitch({ [NAME]: fakeVod(media, { chat, state: "subscriber-only" }) });
    const data = await Deno.makeTempDir();
    const args = [
      "--data",
      data,
      "--vod",
      `https://www.twitch.tv/videos/${NAME}`,
      "--model",
      "none",
      "--video",
    ];
    const closed = await run(args, endpointsOf(twitch));
    assert.equal(closed.code, 1);
    assert.match(closed.err, /for subscribers only\. Copy the auth-token cookie/);
    const open = await run(args, { ...endpointsOf(twitch), TWITCH_TOKEN: twitch.token });
    assert.equal(open.code, 0, open.err);
    assert(!open.err.includes(twitch.token));
    const files = [...(await listTree(data)).keys()];
    assert(files.includes(`chats/twitch-chat-${NAME}.csv`));
    const clips = files.filter((path) => path.startsWith("clips/burp-audio/"));
    const videos = files.filter((path) => path.startsWith("clips/burp-video/"));
    assert.equal(clips.length, 2);
    assert.deepEqual(
      videos.map((path) => path.replace("video", "audio").replace(/mp4$/, "wav")),
      clips,
    );
    assert(files.some((path) => path.startsWith(`vods/${NAME}/160p30/`)));
    await Deno.remove(data, { recursive: true });
  },
});

Deno.test({
  name: "harvest that is killed at any step goes on where it was, with the same result",
  ignore,
  fn: async () => {
    const stream = plantStream({ seconds: 100, events: [30, 75], others: [52] });
    const media = await makeMediaOf(stream.samples, { sampleRate: stream.sampleRate });
    await using twitch = startFakeTwitch({ [NAME]: fakeVod(media) });
    const argsFor = (data: string) => ["--data", data, "--model", "none"];
    let clean = new Map<string, string>();
    let steps = 0;
    await withData(stream, async (data) => {
      const count = await Deno.makeTempFile();
      const env = { ...endpointsOf(twitch), KILL_COUNT: count };
      const { code, err } = await run(argsFor(data), env, KILL_SWITCH);
      assert.equal(code, 0, err);
      clean = await results(data);
      steps = Number(await Deno.readTextFile(count));
      await Deno.remove(count);
    });
    assert.equal([...clean.keys()].filter((path) => path.includes("/burp-audio/")).length, 2);
    assert(steps > 100, `${steps} steps`);
    const random = createRandom("kill harvest");
    let [kills, repeatedMost, tornLines] = [0, 0, 0];
    while (kills < KILLS) {
      await withData(stream, async (data) => {
        twitch.requests.length = 0;
        let killed = 0;
        // Sometimes the one that goes on is killed, too.
        for (let left = steps, more = true; more; more = killed > 0 && random.next() < 0.3) {
          const step = 1 + random.integer(left);
          const env = { KILL_STEP: String(step), KILL_MOMENT: random.pick(["before", "half", "after"]) };
          const { signal } = await run(argsFor(data), { ...endpointsOf(twitch), ...env }, KILL_SWITCH);
          if (signal !== "SIGKILL") break;
          killed++;
          left = Math.max(1, Math.floor((left - step) / 2));
        }
        kills += killed;
        const { code, err } = await run(argsFor(data), endpointsOf(twitch));
        assert.equal(code, 0, err);
        const got = await results(data);
        tornLines += Number(got.get("torn"));
        got.set("torn", "0");
        assert.deepEqual([...got.keys()], [...clean.keys()]);
        for (const [path, bytes] of clean) assert(got.get(path) === bytes, `${path} differs, kill ${kills}`);
        const fetched = twitch.requests.filter((request) => request.startsWith("segment"));
        const repeated = fetched.length - new Set(fetched).size;
        assert(repeated <= killed, `${repeated} segments fetched again after ${killed} kills`);
        repeatedMost = Math.max(repeatedMost, repeated / killed);
      });
    }
    tellFigure(
      `harvest killed ${kills} times at steps of ${steps}: same result each time, at most ${repeatedMost} segments a kill ` +
        `fetched again, ${tornLines} torn lines in ledgers whose labels were all there`,
    );
  },
});
