import assert from "node:assert/strict";
import { join } from "node:path";
import { describeLabel } from "lib/learning/dataset/describe_label.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { relabelClips } from "lib/learning/dataset/relabel_clips.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";

const WHO = { by: "ann", command: "review" };

async function withClips(
  run: (
    setup: { ledger: ReturnType<typeof openLedger>; clips: string; path: (name: string) => string },
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const clips = join(folder, "clips");
    for (const name of ["burp-audio/a.wav", "burp-audio/b.wav", "mine/c.wav"]) {
      const path = name.startsWith("mine") ? join(folder, name) : join(clips, name);
      await Deno.mkdir(join(path, ".."), { recursive: true });
      await writeWav(path, new Float32Array(8000).fill(0.1), { sampleRate: 16_000 });
    }
    const path = (name: string) => name.startsWith("mine") ? join(folder, name) : join(clips, name);
    await run({ ledger: openLedger(join(folder, "labels.jsonl")), clips, path });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("relabelClips() corrects what the ledger says, keeps the place in the recording, and can be undone", () =>
  withClips(async ({ ledger, path }) => {
    const clip = ledger.clipName(path("burp-audio/a.wav"));
    const source = { kind: "chat", name: "bob", command: "!burp" } as const;
    const [before] = await ledger.append([
      { recording: "1746376348", onset: 61, offset: 61.5, label: "burp", source, clip },
    ]);
    const change = [{ path: path("burp-audio/a.wav"), label: "not-burp" }];
    const { entries: [after] } = await relabelClips(ledger, change, { ...WHO, why: { score: 0.03 } });
    assert.equal(after!.replaces, before!.id);
    assert.deepEqual([after!.recording, after!.onset, after!.label], ["1746376348", 61, "not-burp"]);
    assert.deepEqual(after!.provenance, { score: 0.03 });
    assert.match(
      describeLabel(after!),
      /^labelled not-burp by person ann, by review on .* from 1746376348 at 61.0 s$/,
    );
    assert.deepEqual(await ledger.current(), [after]);
    assert.deepEqual((await relabelClips(ledger, change, WHO)).entries, [], "it has its label already");
    await ledger.undo(after!.id, { kind: "person" });
    assert.deepEqual(await ledger.current(), [before]);
  }));

Deno.test("relabelClips() moves clips to the folder of their label, and says which it cannot move", () =>
  withClips(async ({ ledger, clips, path }) => {
    const changes = [
      { path: path("burp-audio/a.wav"), label: "not-burp" },
      { path: path("burp-audio/b.wav"), label: "unsure" },
      { path: path("mine/c.wav"), label: "not-burp" },
    ];
    const { entries, moved, left } = await relabelClips(ledger, changes, { ...WHO, clipsRoot: clips });
    assert.deepEqual(entries.map(({ offset }) => offset), [0.5, 0.5, 0.5]);
    assert.deepEqual(moved, [{ from: path("burp-audio/a.wav"), to: join(clips, "not-burp-audio/a.wav") }]);
    assert.ok((await Deno.stat(moved[0]!.to)).isFile);
    assert.match(left.map(({ reason }) => reason).join("; "), /outside .*clips.*; "unsure" has no folder/);
    const now = (await ledger.current()).map(({ clip, label }) => `${clip} ${label}`);
    assert.ok(now.includes("clips/not-burp-audio/a.wav not-burp"), now.join(", "));
    await assert.rejects(relabelClips(ledger, [{ path: "x", label: "not-" }], WHO), SyntaxError);
  }));
