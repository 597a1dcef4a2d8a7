import assert from "node:assert/strict";
import { createDetectionKeeper } from "lib/work/bot/detection_keeper.ts";
import { createVirtualClock } from "lib/work/bot/virtual_clock.ts";
import { openDetectionArchive } from "lib/work/bot/detection_archive.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";

Deno.test("a detection that was withdrawn is never noted as wrong, however often somebody says so", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const keeper = createDetectionKeeper({
      archive: await openDetectionArchive(`${folder}/found`, 2),
      ledger: openLedger(`${folder}/labels.jsonl`),
      clipsRoot: `${folder}/clips`,
      model: "tone",
      grid: { startTime: 0, period: 0.04 },
      column: 0,
      width: 1,
    }, {
      recording: "somebody-1",
      sampleRate: 100,
      clock: createVirtualClock(0),
      onError: (error) => assert.fail(String(error)),
    });
    keeper.hearSound(new Float32Array(500), 0);
    keeper.begin("1", { onset: 1, offset: 2, label: "burp", score: 0.9 });
    keeper.drop("1");
    assert.equal(await keeper.markLastWrong("somebody"), "nothing");
    assert.equal(await keeper.markLastWrong("somebody"), "nothing");
    keeper.begin("2", { onset: 3, offset: 3.5, label: "burp", score: 0.9 });
    keeper.confirm("2", { onset: 3, offset: 3.5, label: "burp", score: 0.9 });
    assert.equal(await keeper.markLastWrong("somebody"), "marked");
    assert.equal(await keeper.markLastWrong("somebody"), "marked before");
    await keeper.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
