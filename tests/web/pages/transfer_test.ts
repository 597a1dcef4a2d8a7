import assert from "node:assert/strict";
import { join } from "node:path";
import type { ExportClipsResult, ImportResult } from "lib/web/pages/api_transfer.ts";
import { TAB, withLabeler, writeNoise } from "tests/web/pages/with_labeler.ts";

Deno.test("import, its undo and export do from buttons what the commands do", () =>
  withLabeler(async (data) => {
    await writeNoise(join(data, "clips/burp-audio/a.wav"));
    await writeNoise(join(data, "vods/show.wav"), 10);
  }, async ({ post, get, json, ledger, data }) => {
    const run = async (body: Record<string, unknown>): Promise<ImportResult> => {
      const response = await post("/api/import", { client: TAB, ...body });
      const result = await response.json();
      assert.equal(response.status, 200, JSON.stringify(result));
      return result;
    };
    assert.equal((await run({ dryRun: true })).added, 1);
    assert.equal((await ledger.entries()).entries.length, 0);
    const folders = await run({});
    assert.deepEqual([folders.added, (await run({})).known], [1, 1]);
    const track = { name: "show.txt", text: "1.000000\t2.000000\tburp\n" };
    assert.equal((await run({ file: track, recording: join(data, "vods/show.wav") })).added, 1);
    const { recordings } = await json<{ recordings: { id: string }[] }>("/api/recordings");
    const byId = { name: "more.txt", text: "4.000000\t5.000000\tburp\n" };
    assert.equal((await run({ file: byId, recording: recordings[0]!.id, dryRun: true })).added, 1);
    const later = await run({ file: byId, recording: recordings[0]!.id });
    assert.equal((await ledger.current()).at(-1)?.recording, join(data, "vods/show.wav"));
    assert.equal(
      (await (await post("/api/import/undo", { client: TAB, import: later.import })).json()).undone,
      1,
    );
    const nowhere = await post("/api/import", { client: TAB, file: track });
    assert.equal(nowhere.status, 400);
    assert.match((await nowhere.json()).error.message, /^show\.txt: .*which recording/);

    const audacity = await get(`/api/export?format=audacity&recording=${recordings[0]!.id}`);
    assert.equal(audacity.headers.get("content-disposition"), 'attachment; filename="labels.audacity.txt"');
    assert.equal(await audacity.text(), track.text);
    const several = await get("/api/export?format=audacity");
    assert.equal(several.status, 400, "a label track knows one recording");
    await several.body?.cancel();
    assert.match(await (await get("/api/export?format=csv")).text(), /^recording,onset,.*\n.*burp/);

    const clips: ExportClipsResult = await (await post("/api/export/clips", { client: TAB })).json();
    assert.deepEqual(clips.counts, { kept: 1, cut: 1 });
    const undone = await post("/api/import/undo", { client: TAB, import: folders.import });
    assert.equal((await undone.json()).undone, 1);
    assert.equal((await ledger.current()).length, 1);
    const again = await post("/api/import/undo", { client: TAB, import: folders.import });
    assert.equal(again.status, 400);
    await again.body?.cancel();
  }));
