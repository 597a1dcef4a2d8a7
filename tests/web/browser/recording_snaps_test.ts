import assert from "node:assert/strict";
import { RecordingSnaps } from "lib/web/browser/recording_snaps.ts";
import type { SnapPoints } from "lib/web/pages/api_recordings.ts";
import { until } from "tests/fakes/until.ts";

Deno.test("RecordingSnaps keeps to the part in view: an earlier answer that comes later counts no more", async () => {
  const asked: { readonly path: string; readonly answer: (onset: number) => void }[] = [];
  const rests: (() => void)[] = [];
  const { fetch, setTimeout } = globalThis;
  globalThis.fetch = (path) =>
    new Promise((resolve) =>
      asked.push({
        path: String(path),
        answer: (onset) =>
          resolve(Response.json({ onsets: [onset], offsets: [], quiet: [] } satisfies SnapPoints)),
      })
    );
  try {
    const snaps = new RecordingSnaps("id", new AbortController().signal);
    const [first, second] = [{ start: 0, end: 10 }, { start: 20, end: 30 }];
    const show = (range: typeof first) => {
      globalThis.setTimeout = ((rest: () => void) => rests.push(rest)) as unknown as typeof setTimeout;
      snaps.moveTo(range);
      globalThis.setTimeout = setTimeout;
      rests.splice(0).forEach((rest) => rest());
    };
    show(first);
    show(second);
    assert.deepEqual(asked.map(({ path }) => path.split("?")[1]), [
      "start=0.000&end=10.000",
      "start=20.000&end=30.000",
    ]);
    const snapped = () => snaps.snapped(25.05, { range: second, width: 1000 });
    asked[1]!.answer(25);
    await until(() => snapped() === 25);
    asked[0]!.answer(5);
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.equal(snapped(), 25);
    show(second);
    assert.equal(asked.length, 2, "a playhead that moved needs no other points");
    assert.equal(snapped(), 25);
    snaps.on = false;
    assert.equal(snapped(), 25.05);
  } finally {
    Object.assign(globalThis, { fetch, setTimeout });
  }
});
