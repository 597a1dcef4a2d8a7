import assert from "node:assert/strict";
import { join } from "node:path";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { countUnlistedClips } from "lib/learning/dataset/unlisted_clips.ts";

Deno.test("countUnlistedClips() counts what no label names, in folders of labels only", async () => {
  const data = await Deno.makeTempDir();
  try {
    const ledger = openLedger(join(data, "labels.jsonl"));
    const clips = join(data, "clips");
    assert.deepEqual(await countUnlistedClips(clips, ["burp"], ledger), []);
    for (
      const name of ["burp-audio/a.wav", "burp-audio/b.wav", "not-burp-audio/c.wav", "burp-candidates/d.wav"]
    ) {
      await Deno.mkdir(join(clips, name, ".."), { recursive: true });
      await Deno.writeTextFile(join(clips, name), "");
    }
    const place = { recording: "1746376348", onset: 1, offset: 2, source: { kind: "chat" as const } };
    const { clipName } = ledger;
    const known = clipName(join(clips, "burp-audio/a.wav"));
    const [entry] = await ledger.append([{ ...place, label: "burp", clip: known }]);
    const found = [
      { folder: join(clips, "burp-audio"), count: 1 },
      { folder: join(clips, "not-burp-audio"), count: 1 },
    ];
    assert.deepEqual(await countUnlistedClips(clips, ["burp"], ledger), found);
    assert.equal(entry!.clip, known);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
