import assert from "node:assert/strict";
import { join } from "node:path";
import { misplaceClips } from "lib/learning/synthesis/misplaced_clips.ts";

Deno.test("misplaceClips() moves a share of the clips to the other folder, once", async () => {
  const dir = await Deno.makeTempDir();
  try {
    for (const folder of ["burp-audio", "not-burp-audio"]) await Deno.mkdir(join(dir, folder));
    for (let i = 0; i < 40; i++) {
      const name = i < 15 ? `synthetic-x-${i}-burp.wav` : `synthetic-x-${i}-cough.wav`;
      await Deno.writeTextFile(join(dir, i < 15 ? "burp-audio" : "not-burp-audio", name), "");
    }
    const moved = await misplaceClips(dir, { share: 0.1, seed: 3 });
    assert.equal(moved.length, 4);
    for (const name of moved) {
      const folder = name.endsWith("-burp.wav") ? "not-burp-audio" : "burp-audio";
      assert.ok((await Deno.stat(join(dir, folder, name))).isFile);
    }
    assert.deepEqual(await misplaceClips(dir, { share: 0.5, seed: 4 }), moved);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
