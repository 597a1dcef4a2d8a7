import assert from "node:assert/strict";
import { join } from "node:path";
import { readChatFile } from "lib/media/chat/chat_file.ts";
import { type PlantedStream, plantStream } from "tests/fakes/planted_stream.ts";
import { type FakeTwitch, type FakeVod, fakeVod, startFakeTwitch } from "tests/fakes/twitch_server.ts";
import { makeMediaOf } from "tests/fakes/vod_media.ts";
import { listTree } from "tests/work/harvest/folder_tree.ts";
import { endpointsOf, NAME, run } from "tests/work/harvest/harvest_command.ts";
import { hasProgram } from "tests/requirements.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const ignore = !(await hasProgram("ffmpeg"));
const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });
const STREAM: PlantedStream = plantStream({ seconds: 200, events: [30, 75, 150], others: [52, 110] });

function chatOf(stream: PlantedStream, until = Infinity) {
  return stream.chat.filter(({ time }) => time < until)
    .map((message) => ({ ...message, userName: message.userName! }));
}

async function withVod(
  changes: Partial<FakeVod>,
  check: (scene: { data: string; twitch: FakeTwitch; vod: FakeVod }) => Promise<void>,
): Promise<void> {
  const media = await makeMediaOf(STREAM.samples, { sampleRate: STREAM.sampleRate, picture: true });
  const vod = fakeVod(media, { chat: chatOf(STREAM), ...changes });
  await using twitch = startFakeTwitch({ [NAME]: vod });
  await inTemporaryFolder((data) => check({ data, twitch, vod }));
}

async function clipsIn(data: string, folder: string): Promise<string[]> {
  return [...(await listTree(data)).keys()].filter((path) => path.startsWith(`clips/${folder}/`));
}

test("harvest of a VOD that was still being recorded takes what is new in chat and sound, and says so", () =>
  withVod({ available: 25, chat: chatOf(STREAM, 100) }, async ({ data, twitch, vod }) => {
    const args = ["--data", data, "--model", "none"];
    const early = await run([...args, "--vod", NAME], endpointsOf(twitch));
    assert.equal(early.code, 0, early.err);
    assert.match(
      early.err,
      /messages fetched; VOD 1746376348 is still being recorded: run this again for the rest/,
    );
    assert.equal((await clipsIn(data, "burp-audio")).length, 2);

    [vod.available, vod.chat] = [Infinity, chatOf(STREAM)];
    // Without naming it again, too.
    const whole = await run(args, endpointsOf(twitch));
    assert.equal(whole.code, 0, whole.err);
    assert.match(
      whole.err,
      /(\d+) messages added, since VOD 1746376348 was still being recorded the last time\n/,
    );
    assert.equal((await clipsIn(data, "burp-audio")).length, 3);
    const chat = await Array.fromAsync(readChatFile(join(data, "chats", `twitch-chat-${NAME}.csv`)));
    const lines = (messages: readonly { time: number; userName?: string; message: string }[]) =>
      messages.map(({ time, userName, message }) => `${time} ${userName} ${message}`);
    assert.deepEqual(lines(chat), lines(STREAM.chat));

    twitch.requests.length = 0;
    const again = await run([...args, "--vod", NAME], endpointsOf(twitch));
    assert.equal(again.code, 0, again.err);
    assert.deepEqual(twitch.requests, [], "a whole one is not asked for again");
  }));

test("harvest says that a chat ends long before its recording, and finds no negatives there", () =>
  withVod({}, async ({ data, twitch }) => {
    const long = plantStream({ seconds: 700, events: [30, 75, 400, 500, 600] });
    const media = await makeMediaOf(long.samples, { sampleRate: long.sampleRate });
    twitch.vods.set(NAME, fakeVod(media, { chat: chatOf(long, 150) }));
    const args = ["--data", data, "--model", "none", "--vod", NAME, "--json", "--negatives", "8"];
    const { code, out, err } = await run(args, endpointsOf(twitch));
    assert.equal(code, 0, err);
    assert.match(
      err,
      /warning: 1746376348: the chat ends at 2:2\d and the recording at 11:40: what is heard/,
    );
    assert(JSON.parse(out).negatives >= 2);
    for (const clip of await clipsIn(data, "not-burp-audio")) assert.match(clip, /_0h0[012]m/);
  }));

for (const whole of [false, true]) {
  test(`harvest names a segment that comes by half ${whole ? "as if it were all" : "and breaks off"}, and heals`, () =>
    withVod({}, async ({ data, twitch }) => {
      const args = ["--data", data, "--model", "none", "--vod", NAME];
      twitch.faults = (kind, path) =>
        kind === "segment" && /\/18\.ts$/.test(path) ? { kind: whole ? "truncate" : "drop" } : undefined;
      const first = await run(args, endpointsOf(twitch));
      assert.equal(first.code, 1);
      assert.match(first.err, /mention at 80 s: .*segment 18 of VOD 1746376348/);
      assert.equal((await clipsIn(data, "burp-audio")).length, 2);
      twitch.faults = () => undefined;
      twitch.requests.length = 0;
      const second = await run(args, endpointsOf(twitch));
      assert.equal(second.code, 0, second.err);
      assert(twitch.requests.some((text) => text.endsWith("/18.ts")), "it was not asked for again");
      assert.equal((await clipsIn(data, "burp-audio")).length, 3);
      // As if nothing had ever been wrong.
      await inTemporaryFolder(async (clean) => {
        await run(["--data", clean, ...args.slice(2)], endpointsOf(twitch));
        const [got, wanted] = [await listTree(data), await listTree(clean)];
        for (const path of await clipsIn(clean, "burp-audio")) {
          assert.equal(got.get(path), wanted.get(path), path);
        }
      });
    }));
}

test("harvest asks again for an answer of Twitch that is cut short", () =>
  withVod({}, async ({ data, twitch }) => {
    const asked = new Map<string, number>();
    twitch.faults = (kind) => {
      asked.set(kind, (asked.get(kind) ?? 0) + 1);
      return (kind === "gql" || kind === "chat") && asked.get(kind) === 1 ? { kind: "truncate" } : undefined;
    };
    const { code, err } = await run(["--data", data, "--model", "none", "--vod", NAME], endpointsOf(twitch));
    assert.equal(code, 0, err);
    assert.match(
      err,
      /Could not get the chat of VOD 1746376348: the answer is cut short, or no JSON; trying again/,
    );
    assert.equal((await clipsIn(data, "burp-audio")).length, 3);
  }));

test("harvest names the qualities that there are instead of taking another one silently", () =>
  withVod({}, async ({ data, twitch }) => {
    const args = ["--data", data, "--model", "none", "--vod", NAME, "--quality"];
    const refused = await run([...args, "9999p"], endpointsOf(twitch));
    assert.equal(refused.code, 1);
    assert.match(refused.err, /no quality "9999p"; this recording offers audio_only, 160p30/);
    assert(!twitch.requests.some((text) => text.startsWith("segment")));
    const lower = await run([...args, "480p"], endpointsOf(twitch));
    assert.equal(lower.code, 0, lower.err);
    assert.match(lower.err, /there is no 480p: reading 160p, of 160p30, audio_only/);
  }));

test("harvest takes nobody for a witness whom Twitch marks as a bot", async () => {
  const chat = chatOf(STREAM).map((message) =>
    /burp/i.test(message.message) && message.time > 100
      ? { ...message, userName: "a_program", isBot: true }
      : message
  );
  await withVod({ chat }, async ({ data, twitch }) => {
    const args = ["--data", data, "--model", "none", "--vod", NAME, "--json"];
    const { out, err } = await run(args, endpointsOf(twitch));
    assert.deepEqual(JSON.parse(out).outcomes, { found: 2 }, err);
    assert.equal(JSON.parse(out).chat.botCommands, 3);
  });
});

test("harvest --video cuts the picture of negatives, too", () =>
  withVod({}, async ({ data, twitch }) => {
    const { code, err } = await run(
      ["--data", data, "--model", "none", "--vod", NAME, "--video"],
      endpointsOf(twitch),
    );
    assert.equal(code, 0, err);
    for (const name of ["burp", "not-burp"]) {
      const [sounds, videos] = [await clipsIn(data, `${name}-audio`), await clipsIn(data, `${name}-video`)];
      assert(sounds.length >= 3);
      assert.deepEqual(videos.map((path) => path.replace("-video", "-audio").replace(/mp4$/, "wav")), sounds);
    }
  }));

test("harvest --channel takes the VODs of a channel one after the other, and goes on behind one that fails", () =>
  withVod({ createdAt: "2026-11-20T10:00:00Z" }, async ({ data, twitch, vod }) => {
    const other = (createdAt: string, changes: Partial<FakeVod> = {}) =>
      fakeVod(vod.media, { chat: chatOf(STREAM), createdAt, ...changes });
    twitch.vods.set("2000000001", other("2026-11-22T10:00:00Z", { state: "subscriber-only" }));
    twitch.vods.set("2000000002", other("2026-11-24T10:00:00Z"));
    twitch.vods.set("2000000003", other("2026-11-25T10:00:00Z", { channel: "somebody_else" }));
    twitch.vods.set("1000000000", other("2026-01-01T10:00:00Z"));
    const args = ["--data", data, "--model", "none", "--channel", "Somebody", "--since", "2026-11-01"];
    const { code, out, err } = await run(args, endpointsOf(twitch));
    assert.equal(code, 1);
    assert.match(err, /3 VODs of somebody/);
    assert.match(err, /2000000001: .*for subscribers only/);
    const lines = out.trim().split("\n");
    assert.deepEqual(
      lines.map((line) => line.split(":")[0]),
      [NAME, "2000000001", "2000000002"],
      "the oldest first",
    );
    assert.equal((await clipsIn(data, "burp-audio")).length, 6);
    assert.match(lines[0]!, /; fetched \d+ of 51 segments$/);

    twitch.vods.get("2000000001")!.state = "public";
    twitch.requests.length = 0;
    const second = await run(args, endpointsOf(twitch));
    assert.equal(second.code, 0, second.err);
    assert.equal((await clipsIn(data, "burp-audio")).length, 9);
    assert(!twitch.requests.some((text) => text.startsWith("segment") && !text.includes("2000000001")));
    for (
      const [wrong, message] of [
        [["--channel", "no such channel!"], /no name of a channel/],
        [["--since", "30d"], /--since belongs to --channel/],
        [["--channel", "somebody", "--since", "soon"], /--since must be a span/],
      ] as const
    ) {
      const { code, err } = await run(["--data", data, ...wrong], endpointsOf(twitch));
      assert.equal(code, 2, err);
      assert.match(err, message);
    }
    const nobody = await run(["--data", data, "--channel", "nobody_here"], endpointsOf(twitch));
    assert.equal(nobody.code, 1);
    assert.match(nobody.err, /There is no channel nobody_here on Twitch/);
  }));
