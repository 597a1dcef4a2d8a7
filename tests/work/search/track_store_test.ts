import assert from "node:assert/strict";
import { join } from "node:path";
import type { Track } from "lib/base/events/track.ts";
import { createTrackStore } from "lib/work/search/track_store.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const GRID = { startTime: 0, period: 1 };
const track = (name: string, values: number): Track => ({
  name,
  grid: GRID,
  columns: ["a"],
  data: new Float32Array(values).fill(0.5),
});

Deno.test("a track comes back for the same recording, maker and audio track alone", () =>
  inTemporaryFolder(async (folder) => {
    const store = createTrackStore(join(folder, "tracks"), { maxBytes: 1e6, now: () => 1000 });
    const one = track("embedding", 10);
    await store.of("file-1").keep(one, { model: "m" });
    assert.deepEqual(await store.of("file-1").read("embedding", { model: "m" }), one);
    assert.equal(await store.of("file-2").read("embedding", { model: "m" }), undefined);
    assert.equal(await store.of("file-1").read("heard", { model: "m" }), undefined);
    assert.equal(await store.of("file-1").read("embedding", { model: "n" }), undefined);
    assert.equal(await store.of("file-1", { audioTrack: "2" }).read("embedding", { model: "m" }), undefined);
    for await (const { name } of Deno.readDir(join(folder, "tracks", "file-1"))) {
      await Deno.truncate(join(folder, "tracks", "file-1", name), 150);
    }
    assert.equal(await store.of("file-1").read("embedding", { model: "m" }), undefined, "cut off");
  }));

Deno.test("tracks that were used longest ago make room for others", () =>
  inTemporaryFolder(async (folder) => {
    let time = 1000;
    const store = createTrackStore(folder, { maxBytes: 10_000, now: () => time += 1000 });
    for (const id of ["a", "b"]) await store.of(id).keep(track("t", 1000), {});
    assert(await store.of("a").read("t", {}));
    await store.of("c").keep(track("t", 1000), {});
    const left = await Promise.all(["a", "b", "c"].map(async (id) => await store.of(id).read("t", {})));
    assert.deepEqual(left.map((one) => one !== undefined), [true, false, true]);
    await assert.rejects(Deno.stat(join(folder, "b")), Deno.errors.NotFound);
    await store.of("d").keep(track("t", 3000), {});
    assert.equal(await store.of("d").read("t", {}), undefined, "it is larger than all may be");
    assert(await store.of("a").read("t", {}), "and costs the others nothing");
  }));
