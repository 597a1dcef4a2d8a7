import assert from "node:assert/strict";
import { join } from "node:path";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { writeChatFile } from "lib/media/chat/chat_file.ts";
import { harvestLocal } from "lib/work/harvest/harvest_local.ts";
import { plantStream } from "tests/fakes/planted_stream.ts";

Deno.test("harvestLocal() cuts clips of a recording with one call, and adds nothing the second time", async () => {
  const stream = plantStream({ seconds: 100, events: [30, 75], others: [52] });
  const data = await Deno.makeTempDir();
  try {
    const recording = join(data, "late.wav");
    const samples = stream.samples.subarray(10 * stream.sampleRate);
    await writeWav(recording, samples, { sampleRate: stream.sampleRate });
    const chat = join(data, "twitch-chat-1746376348.csv");
    await writeChatFile(chat, stream.chat);
    const first = await harvestLocal({ recording, chat, data, offset: 10 });
    assert.equal(first.added.positives, 2);
    assert.equal(first.evidence.mentions.length, 2);
    for (const [i, { candidates: [best] }] of first.record.mentions.entries()) {
      assert(Math.abs(best!.onset - stream.truth[i]!.onset) < 0.3, `${best!.onset}`);
    }
    const labels = await openLedger(join(data, "labels.jsonl")).current();
    assert(labels.every((label) => label.recording === "1746376348"));
    const again = await harvestLocal({ recording, chat, data, offset: 10 });
    assert.deepEqual(again.added, { positives: 0, unsure: 0, negatives: 0 });
    assert.deepEqual(again.record, first.record);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
