import assert from "node:assert/strict";
import { join } from "node:path";
import {
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
