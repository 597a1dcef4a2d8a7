import assert from "node:assert/strict";
import { readCsvEvents } from "lib/base/events/csv_events.ts";
import { writeDemoStream } from "lib/learning/synthesis/demo_stream.ts";
import { readChatFile } from "lib/media/chat/chat_file.ts";

Deno.test("writeDemoStream() writes sound, truth and chat once", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const files = await writeDemoStream(folder, { seconds: 20, events: 2 });
    const truth = readCsvEvents(await Deno.readTextFile(files.truth));
    assert.equal(truth.length, 2);
    assert((await Array.fromAsync(readChatFile(files.chat))).length > 0);
    const before = await Deno.stat(files.recording);
    assert(before.size > 20 * 16_000 * 2);
    await Deno.writeTextFile(files.truth, "kept");
    assert.deepEqual(await writeDemoStream(folder, { seconds: 20, events: 2 }), files);
    assert.equal(await Deno.readTextFile(files.truth), "kept");
    const other = await writeDemoStream(folder, { seconds: 20, events: 2, seed: "other" });
    assert.notEqual(other.recording, files.recording);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
