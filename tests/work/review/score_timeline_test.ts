import assert from "node:assert/strict";
import { join } from "node:path";
import { scoreTimeline } from "lib/work/review/score_timeline.ts";
import { toUnitByte } from "lib/base/events/track.ts";
import { encodeFrameScores, SCORES_FILE } from "lib/work/search/frame_scores.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const NAMES = new Set(["show.wav"]);
const ROWS = [{ recording: "show.wav", onset: 4, offset: 5.5, label: "burp", score: 0.75 }];

function found(folder: string, search: Record<string, unknown>) {
  const record = {
    formatVersion: 1 as const,
    recording: "show.wav",
    fingerprint: { size: 1, sha256: "x" },
    search: search as never,
    duration: 8,
    warnings: [],
    events: [],
    files: {},
    earlierFiles: {},
    finished: true,
  };
  return { folder, isBot: false, rows: ROWS, record };
}

Deno.test("the timeline shows the highest frame score of each stretch where a search kept them", () =>
  inTemporaryFolder(async (folder) => {
    const search = {
      kind: "frames",
      settings: [{ events: { onsetThreshold: 0.7 } }, { events: { onsetThreshold: 0.6 } }],
    };
    const one = found(folder, search);
    const scores = Float32Array.of(0, 0.2, 0.4, 0, 1, 0.6, 0, 0.2);
    const bytes = encodeFrameScores(
      {
        name: "scores",
        grid: { startTime: 0, period: 1 },
        columns: ["burp"],
        data: Uint8Array.from(scores, toUnitByte),
      },
      one.record,
    );
    await Deno.writeFile(join(folder, SCORES_FILE), bytes);
    const timeline = await scoreTimeline([one], { names: NAMES, duration: 10, bins: 5 });
    assert.equal(timeline?.threshold, 0.6);
    const rounded = timeline?.values.map((value) => value === null ? null : Number(value.toFixed(2)));
    assert.deepEqual(rounded, [0.2, 0.4, 1, 0.2, null], "the search ended after 8 s");
    // Stretches that are shorter than a frame have its score.
    const fine = await scoreTimeline([one], { names: NAMES, duration: 10, bins: 100 });
    assert.deepEqual(fine?.values.slice(40, 50).map((value) => value?.toFixed(1)), new Array(10).fill("1.0"));
    assert.equal(fine?.values[80], null);
  }));

Deno.test("the timeline shows events where no frame scores were kept, and similarity only where there is nothing else", () =>
  inTemporaryFolder(async (folder) => {
    const options = { names: NAMES, duration: 10, bins: 5 };
    const values = [0, 0, 0.75, 0, null];
    const model = found(folder, { kind: "slices", threshold: 0.5 });
    assert.deepEqual(await scoreTimeline([model], options), { binSeconds: 2, values, threshold: 0.5 });
    const like = found(join(folder, "like"), { kind: "like" });
    assert.deepEqual(await scoreTimeline([like], options), { binSeconds: 2, values });
    const mixed = [{ ...like, rows: [{ ...ROWS[0]!, score: 0.99 }] }, model];
    assert.deepEqual((await scoreTimeline(mixed, options))?.values, values);
    assert.equal(await scoreTimeline([model], { ...options, names: new Set(["other.wav"]) }), undefined);
  }));
