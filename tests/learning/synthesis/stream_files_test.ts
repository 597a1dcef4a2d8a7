import assert from "node:assert/strict";
import { join } from "node:path";
import { readCsvEvents } from "lib/base/events/csv_events.ts";
import { synthesizeStream } from "lib/learning/synthesis/stream.ts";
import { writeStreamFiles } from "lib/learning/synthesis/stream_files.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import { readChatCsv } from "lib/media/chat/chat_csv.ts";

Deno.test("writeStreamFiles() writes sound, truth and chat that read back", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const events = [2, 6].map((onset) => ({ onset, snrDecibels: 10 }));
    const stream = synthesizeStream({ durationSeconds: 8.5, seed: 3, events });
    const recording = join(folder, "vods", "x.wav"), chatFolder = join(folder, "chats");
    const files = await writeStreamFiles(recording, stream, { seed: 3, chatFolder });
    const source = await openAudio(recording, { sampleRate: 16000 });
    assert.equal(source.duration, 8.5);
    await source.close();
    const truth = readCsvEvents(await Deno.readTextFile(files.truth));
    assert.deepEqual(truth.map(({ label }) => label), ["burp", "burp"]);
    truth.forEach(({ onset, offset, recording: name }, i) => {
      assert.equal(name, recording);
      assert.ok(
        Math.abs(onset - stream.truth[i]!.onset) < 1e-3 && Math.abs(offset - stream.truth[i]!.offset) < 1e-3,
      );
    });
    const chat = await Array.fromAsync(readChatCsv((await Deno.open(files.chat!)).readable));
    assert.ok(chat.every(({ time, userName }) => time < 8.5 && userName !== undefined));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeStreamFiles() leaves nothing behind when it is interrupted", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const controller = new AbortController();
    const stream = synthesizeStream({ durationSeconds: 60, seed: 3, events: [] });
    const writing = writeStreamFiles(join(folder, "x.wav"), stream, {
      seed: 1,
      signal: controller.signal,
      onProgress: (seconds) => seconds >= 2 && controller.abort(),
    });
    await assert.rejects(writing, { name: "AbortError" });
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
