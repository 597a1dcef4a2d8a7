import assert from "node:assert/strict";
import { join } from "node:path";
import { parseLedger } from "lib/learning/dataset/ledger_text.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { readPlacedChat } from "lib/work/harvest/crop_offset.ts";
import { runCommand } from "tasks/command.ts";
import { harvest } from "tasks/harvest.ts";
import { chatExports, downloaderJson } from "tests/media/chat/chat_exports.ts";
import { plantStream } from "tests/fakes/planted_stream.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

async function run(...args: string[]) {
  const { host, written } = createTestHost([...args, "--model", "none"], ["harvest"]);
  return { code: await runCommand(harvest, host), ...written };
}

Deno.test("harvest finds the same mentions in the exports of every program that is read", () =>
  inTemporaryFolder(async (data) => {
    const { chat } = plantStream({ seconds: 60, events: [30] });
    const exports = await chatExports(
      chat.map((message) => ({ ...message, time: Math.floor(message.time) })),
    );
    await Deno.mkdir(join(data, "chats"));
    for (const [index, [name, content]] of Object.entries(exports).entries()) {
      const path = join(data, "chats", `${1_000_000_000 + index} ${name}`);
      await (typeof content === "string" ? Deno.writeTextFile(path, content) : Deno.writeFile(path, content));
    }
    const { code, out, err } = await run("--data", data, "--dry-run");
    assert.equal(code, 0, err);
    assert.equal(err.replace(/^no model in.*\n/, ""), "");
    const lines = out.trimEnd().split("\n").map((line) =>
      line.replace(/^\d+: /, "").replace(/ of VOD \d+$/, "")
    );
    assert.equal(lines.length, Object.keys(exports).length);
    assert.deepEqual([...new Set(lines)], [
      `${chat.length} messages, 1 mention, 1 of them new; would listen to 21 s`,
    ]);
  }));

Deno.test("harvest places a recording where the part begins that its chat is of, and says so", () =>
  inTemporaryFolder(async (data) => {
    const stream = plantStream({ seconds: 120, events: [30, 75], others: [] });
    const later = stream.chat.map((message) => ({ ...message, time: message.time + 3600 }));
    const chat = join(data, "part.json");
    await Deno.writeTextFile(chat, downloaderJson(later, { id: "1746376348", start: 3600, end: 3720 }));
    const wav = join(data, "part.wav");
    await writeWav(wav, stream.samples, { sampleRate: stream.sampleRate });
    const { code, out, err } = await run("--data", join(data, "a"), "--local", wav, chat);
    assert.equal(code, 0, err);
    assert.match(out, /^1746376348: 2 mentions \(2 found/);
    assert.match(
      err,
      /part\.json is the chat of a part of the VOD, from 1:00:00 on: .*part\.wav is taken to begin there/,
    );
    const { entries } = parseLedger(await Deno.readTextFile(join(data, "a", "labels.jsonl")), "labels");
    const onsets = entries.filter(({ label }) => label === "burp").map(({ onset }) => onset).sort();
    assert.deepEqual(onsets.map(Math.round), [3630, 3675]);
    const elsewhere = await run("--data", join(data, "b"), "--local", wav, "--offset", "0", chat);
    assert.match(
      elsewhere.err,
      /all mentions of the chat lie outside of .*part\.wav, the first at 1:00:35; it lasts 2:00/,
    );
    // The whole VOD with the chat of a part of it.
    const early = stream.chat.filter(({ time }) => time > 60);
    await Deno.writeTextFile(chat, downloaderJson(early, { id: "1746376348", start: 60, end: 120 }));
    const whole = await run("--data", join(data, "c"), "--local", wav, chat);
    assert.match(whole.err, /part\.wav is taken to begin with the VOD/);
    assert.match(whole.out, /^1746376348: 1 mention \(1 found/);
  }));

Deno.test("harvest takes chats of several parts of a VOD, each with its recording, and one that is there twice once", () =>
  inTemporaryFolder(async (data) => {
    const stream = plantStream({ seconds: 60, events: [30], others: [] });
    for (const [name, start] of [["first", 600], ["second", 1800]] as const) {
      const chat = stream.chat.map((message) => ({ ...message, time: message.time + start }));
      const video = { id: "1746376348", start, end: start + 60 };
      await Deno.writeTextFile(join(data, `${name}.json`), downloaderJson(chat, video));
      await writeWav(join(data, `${name}.wav`), stream.samples, { sampleRate: stream.sampleRate });
    }
    const at = (name: string) => join(data, name);
    await Deno.copyFile(at("second.json"), at("third.json"));
    const chats = ["first.json", "second.json", "third.json"].map(at);
    // In another order than the chats: they go together by name.
    const locals = ["--local", at("second.wav"), "--local", at("first.wav")];
    const { code, err } = await run("--data", data, ...locals, ...chats);
    assert.equal(code, 0, err);
    assert.match(err, /third\.json: left out, .*second\.json is a chat of the same VOD/);
    const { entries } = parseLedger(await Deno.readTextFile(at("labels.jsonl")), "labels");
    const onsets = entries.filter(({ label }) => label === "burp").map(({ onset }) => Math.round(onset));
    assert.deepEqual(onsets.sort((a, b) => a - b), [630, 1830]);
  }));

Deno.test("harvest names messages from before the recording, and ends once where the chat cannot be read", () =>
  inTemporaryFolder(async (data) => {
    const wav = join(data, "a.wav");
    await writeWav(wav, new Float32Array(16_000 * 30), { sampleRate: 16_000 });
    const chat = join(data, "a.csv");
    await Deno.writeTextFile(chat, "time;user_name;message\n-5;ann;!burp\n-0:01;bob;hi\n20;ann;!burp\n");
    const early = await run("--data", data, "--local", wav, "--dry-run", chat);
    assert.equal(early.code, 0, early.err);
    assert.match(early.err, /line 2: a message of time -5, before the recording begins: row skipped/);
    assert.match(early.err, /line 3: a message of time -0:01, before/);
    assert.match(early.out, /1 message, 1 mention/);
    await Deno.writeTextFile(chat, "1\n00:00:01,000 --> 00:00:02,000\nann: !burp\n");
    const unknown = await run("--data", data, "--local", wav, chat);
    assert.equal(unknown.code, 1);
    assert.match(unknown.err, /^error: .*a\.csv, line 1: .*Chats are read from CSV.*\n$/);
  }));

Deno.test("a replay places the chat of a part of a VOD on the recording of that part", () =>
  inTemporaryFolder(async (folder) => {
    const [chat, wav] = [join(folder, "part.json"), join(folder, "part.wav")];
    const said = [{ time: 3599, message: "early" }, { time: 3610, userName: "ann", message: "!burp" }];
    await Deno.writeTextFile(chat, downloaderJson(said, { id: "1", start: 3600, end: 3630 }));
    await writeWav(wav, new Float32Array(16_000 * 30), { sampleRate: 16_000 });
    const early: string[] = [];
    const messages = readPlacedChat(chat, wav, { onBadRow: ({ message }) => void early.push(message) });
    assert.deepEqual(await Array.fromAsync(messages), [{ time: 10, userName: "ann", message: "!burp" }]);
    assert.match(early.join(), /part\.json: a message of 1 s before the recording begins/);
  }));
