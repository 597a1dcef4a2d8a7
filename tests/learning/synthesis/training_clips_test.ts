import assert from "node:assert/strict";
import { join } from "node:path";
import { clipGroup } from "lib/learning/dataset/clip_group.ts";
import { peakOf } from "lib/learning/synthesis/level.ts";
import { writeTrainingClips } from "lib/learning/synthesis/training_clips.ts";
import { readSamples } from "lib/media/audio/clip.ts";

Deno.test("writeTrainingClips() writes readable clips, each a group of its own, the same for the same seed", async () => {
  const parent = await Deno.makeTempDir();
  try {
    const options = { seed: "t", positives: 5, negatives: 6 };
    let written = 0;
    await writeTrainingClips(join(parent, "a"), {
      ...options,
      onProgress: (count) => void (written = count),
    });
    await writeTrainingClips(join(parent, "b"), options);
    assert.equal(written, 11);
    for (const [folder, count] of [["burp-audio", 5], ["not-burp-audio", 6]] as const) {
      const names = [...Deno.readDirSync(join(parent, "a", folder))].map((entry) => entry.name);
      assert.equal(names.length, count);
      assert.equal(new Set(names.map((name) => clipGroup(name))).size, count);
      for (const name of names) {
        const [a, b] = await Promise.all(
          ["a", "b"].map((side) => Deno.readFile(join(parent, side, folder, name))),
        );
        assert.deepEqual(a, b);
        const samples = await readSamples(join(parent, "a", folder, name), { sampleRate: 16000 });
        assert.ok(peakOf(samples) > 0.03);
      }
    }
    await assert.rejects(writeTrainingClips(join(parent, "a"), options), Deno.errors.AlreadyExists);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});
