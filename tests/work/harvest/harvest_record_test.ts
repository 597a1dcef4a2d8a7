import assert from "node:assert/strict";
import { join } from "node:path";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import {
  harvestName,
  type HarvestRecord,
  readHarvestRecord,
  readHarvestRecords,
  recordPath,
  writeHarvestRecord,
} from "lib/work/harvest/harvest_record.ts";

const record = (name: string, event = "burp"): HarvestRecord => ({
  formatVersion: 1,
  event,
  command: "!burp",
  recording: name,
  name,
  chat: { file: "chat.csv", messages: 1, commands: 1, botCommands: 0, hints: 1 },
  mentions: [{ time: 1, lastTime: 2, votes: 2, count: 1, outcome: "muted", candidates: [] }],
  negatives: [],
  muted: [],
  problems: [],
});

Deno.test("harvest records are written, read back and listed by event", async () => {
  const folder = await Deno.makeTempDir();
  assert.deepEqual(await readHarvestRecords(join(folder, "missing"), "burp"), []);
  for (const [name, event] of [["2", "burp"], ["my stream", "burp"], ["1", "cough"]] as const) {
    await writeHarvestRecord(recordPath(folder, event, name), record(name, event));
  }
  assert.deepEqual(await readHarvestRecord(recordPath(folder, "burp", "2")), record("2"));
  assert.equal(await readHarvestRecord(join(folder, "none.json")), undefined);
  assert.deepEqual((await readHarvestRecords(folder, "burp")).map(({ name }) => name), ["2", "my stream"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("readHarvestRecord() refuses what it did not write, and says what to do", async () => {
  const path = await Deno.makeTempFile();
  for (
    const text of [
      "{",
      "{}",
      JSON.stringify({ ...record("1"), more: 1 }),
      JSON.stringify({ formatVersion: 2 }),
    ]
  ) {
    await Deno.writeTextFile(path, text);
    await assert.rejects(readHarvestRecord(path), { name: "SyntaxError", message: /remove it/ });
  }
  await Deno.remove(path);
});

Deno.test("harvestName() tells recordings of one name in two folders apart, and knows one that was moved", async () => {
  const folder = await Deno.makeTempDir();
  const write = async (path: string, level: number) => {
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await writeWav(path, new Float32Array(8000).fill(level), { sampleRate: 8000 });
    return path;
  };
  const first = await write(join(folder, "a", "rec.wav"), 0.1);
  const second = await write(join(folder, "b", "rec.wav"), 0.2);
  const nameOf = (path: string) => harvestName(folder, "burp", { name: "rec", path });
  assert.equal(await nameOf(first), "rec");
  await writeHarvestRecord(recordPath(folder, "burp", "rec"), { ...record("rec"), recording: first });
  assert.equal(await nameOf(first), "rec");
  assert.match(await nameOf(second), /^rec-[0-9a-f]{8}$/);
  assert.equal(await nameOf(await write(join(folder, "c", "rec.wav"), 0.1)), "rec");
  await Deno.remove(folder, { recursive: true });
});
