import assert from "node:assert/strict";
import { join } from "node:path";
import type { Track } from "lib/base/events/track.ts";
import { decodeTrack } from "lib/base/events/track_file.ts";
import { createScoreBytes } from "lib/learning/detect/score_tracks.ts";
import { encodeFrameScores, readFrameScores, SCORES_FILE } from "lib/work/search/frame_scores.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const RECORD = {
  fingerprint: { size: 5, sha256: "a" },
  search: { kind: "frames", models: [{ modelSha256: "b" }] },
};
const GRID = { startTime: -0.01, period: 0.08 };

function track(scores: Float32Array, columns: readonly string[] = ["burp"]): Track {
  const bytes = createScoreBytes();
  bytes.push(scores);
  return { name: "scores", grid: GRID, columns, data: bytes.all() };
}

Deno.test("frame scores keep all sounds, and give the highest of them", () =>
  inTemporaryFolder(async (folder) => {
    const kept = track(Float32Array.of(0, 0.2, 1, 0.4), ["burp", "cough"]);
    const bytes = encodeFrameScores(kept, RECORD);
    await Deno.writeFile(join(folder, SCORES_FILE), bytes);
    assert.deepEqual(decodeTrack(Uint8Array.from(bytes))?.track, kept);
    const { scores } = (await readFrameScores(folder, RECORD))!;
    assert.deepEqual([...scores], [...Float32Array.of(0.2, 1)]);
  }));

Deno.test("frame scores of version 1, of which only the highest were kept, are read", async () => {
  const { scores, grid } = (await readFrameScores("tests/fixtures/scores_1", RECORD))!;
  assert.deepEqual(grid, GRID);
  assert.deepEqual([...scores], [0, 0.2, 1].map(Math.fround));
});

Deno.test("frame scores come back within half a step, and ten hours of them take less than half a megabyte", () =>
  inTemporaryFolder(async (folder) => {
    const scores = Float32Array.from({ length: 10 * 3600 / 0.08 }, (_, t) => (t * 0.377) % 1);
    scores.set([0, 1, -0.2, 1.3], 10);
    const bytes = encodeFrameScores(track(scores), RECORD);
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
    const bytes = encodeFrameScores(track(Float32Array.of(0.5, 0.6)), RECORD);
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
      new TextDecoder().decode(bytes).replace(":2,", ":3,"),
    ];
    for (const text of damaged) {
      await Deno.writeTextFile(path, text);
      assert.equal(await readFrameScores(folder, RECORD), undefined, JSON.stringify(text));
    }
    await Deno.writeFile(path, bytes.subarray(0, -1));
    assert.equal(await readFrameScores(folder, RECORD), undefined);
  }));
