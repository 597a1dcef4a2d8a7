import assert from "node:assert/strict";
import { join } from "node:path";
import type { ClipHints, ClipItem, LabelerConfig, Queue } from "lib/web/pages/api.ts";
import { TAB, withLabeler, writeNoise } from "tests/web/pages/with_labeler.ts";

Deno.test("found clips come with what surrounds them where the recording is at hand, those of the bot apart", () =>
  withLabeler(async (data) => {
    await writeNoise(join(data, "vods/show.wav"), 20);
    await writeNoise(join(data, "found/show/clips/show_10.wav"));
    await writeNoise(join(data, "found/channel/clips/live_5.wav"));
    const header = "recording,onset,offset,label,score,clip,url\n";
    const show = `${join(data, "vods/show.wav")},10,11,burp,0.75,x/clips/show_10.wav,\n`;
    await Deno.writeTextFile(join(data, "found/show/events.csv"), header + show);
    await Deno.writeTextFile(
      join(data, "found/channel/events.csv"),
      `${header}live,5,6,burp,0.9,x/clips/live_5.wav,\n`,
    );
    await Deno.writeTextFile(join(data, "found/channel/detections.jsonl"), "");
  }, async ({ json, post, ledger }) => {
    const { sources } = await json<LabelerConfig>("/api/config");
    assert.deepEqual(sources.map(({ source, left }) => [source, left]), [
      ...[["ledger", 0], ["unconfirmed", 0], ["found", 1], ["bot", 1], ["queue", 2]],
    ]);
    const [found] = (await json<Queue>("/api/queue?source=found")).items;
    const clip = await json<ClipItem>(`/api/clips/${found!.id}`);
    assert.deepEqual([clip.duration, clip.proposed], [3, { onset: 1, offset: 2 }]);
    const [live] = (await json<Queue>("/api/queue?source=bot")).items;
    assert.deepEqual((await json<ClipItem>(`/api/clips/${live!.id}`)).proposed, { onset: 0, offset: 1 });
    assert.equal((await json<ClipHints>(`/api/clips/${live!.id}/hints`)).score, 0.9);
    const answer = { client: TAB, id: "answer-1", item: found!.id, label: "not-burp", replaces: null };
    assert.equal((await post("/api/answers", answer)).status, 200);
    const [entry] = await ledger.current();
    assert.deepEqual([entry?.onset, entry?.clip, entry?.provenance?.["score"]], [
      10,
      "found/show/clips/show_10.wav",
      0.75,
    ]);
    const { items, progress } = await json<Queue>("/api/queue?source=queue");
    assert.deepEqual(
      [items.map(({ id }) => id), progress.left],
      [[live!.id, found!.id], 1],
      "open ones first",
    );
  }));
