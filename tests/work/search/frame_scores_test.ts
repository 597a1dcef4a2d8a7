import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeFrameScores, readFrameScores, SCORES_FILE } from "lib/work/search/frame_scores.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const RECORD = {
  fingerprint: { size: 5, sha256: "a" },
  search: { kind: "frames", models: [{ modelSha256: "b" }] },
};
const GRID = { startTime: -0.01, period: 0.08 };

Deno.test("frame scores come back within half a step, and ten hours of them take less than half a megabyte", () =>
  inTemporaryFolder(async (folder) => {
    const scores = Float32Array.from({ length: 10 * 3600 / 0.08 }, (_, t) => (t * 0.377) % 1);
    scores.set([0, 1, -0.2, 1.3], 10);
    const bytes = encodeFrameScores({ grid: GRID, scores }, RECORD);
    assert.ok(bytes.length < 500_000, `${bytes.length} bytes`);
    await Deno.writeFile(join(folder, SCORES_FILE), bytes);
    const read = (await readFrameScores(folder, RECORD))!;
    assert.deepEqual(read.grid, GRID);
    assert.equal(read.scores.length, scores.length);
    assert.deepEqual([...read.scores.subarray(10, 14)], [0, 1, 0, 1]);
    assert.ok(
      read.scores.subarray(20).every((score, t) => Math.abs(score - scores[20 + t]!) <= 0.5 / 255 + 1e-6),
    );
  }));

Deno.test("frame scores of another search, cut off or of another kind do not count", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, SCORES_FILE);
    assert.equal(await readFrameScores(folder, RECORD), undefined, "no file");
    const bytes = encodeFrameScores({ grid: GRID, scores: Float32Array.of(0.5, 0.6) }, RECORD);
    await Deno.writeFile(path, bytes);
    assert.equal((await readFrameScores(folder, RECORD))?.scores.length, 2);
    const others = [
      { ...RECORD, search: { ...RECORD.search, models: [{ modelSha256: "c" }] } },
      { ...RECORD, fingerprint: { size: 6, sha256: "a" } },
    ];
    for (const other of others) assert.equal(await readFrameScores(folder, other), undefined);
    const damaged = [
      "",
      "\n",
      "no JSON\n12",
      "{}\n12",
      new TextDecoder().decode(bytes).replace(":1,", ":2,"),
    ];
    for (const text of damaged) {
      await Deno.writeTextFile(path, text);
      assert.equal(await readFrameScores(folder, RECORD), undefined, JSON.stringify(text));
    }
    await Deno.writeFile(path, bytes.subarray(0, -1));
    assert.equal(await readFrameScores(folder, RECORD), undefined);
  }));
