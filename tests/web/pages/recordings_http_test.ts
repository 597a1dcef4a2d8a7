import assert from "node:assert/strict";
import { join } from "node:path";
import { decode } from "fast-png";
import { createRandom } from "lib/base/numbers/random.ts";
import { createWavWriter } from "lib/media/audio/wav_writer.ts";
import type { History } from "lib/web/pages/api.ts";
import type {
  CandidateList,
  RecordingDetail,
  RecordingList,
  RecordingOverview,
  RegionList,
  SnapPoints,
} from "lib/web/pages/api_recordings.ts";
import { PEAK_BINS, TILE_HEIGHT, TILE_WIDTH } from "lib/web/pages/tile_grid.ts";
import { TAB, type TestLabeler, withLabeler } from "tests/web/pages/with_labeler.ts";

const RATE = 16_000;
/** Loud bursts of a second in soft noise, at these times. */
const BURSTS = [40, 100, 170];

async function writeRecording(path: string, seconds = 200): Promise<void> {
  const random = createRandom("recording");
  const noise = (level: number) => Float32Array.from({ length: RATE }, () => random.uniform(-level, level));
  const [quiet, loud] = [noise(0.002), noise(0.5)];
  await Deno.mkdir(join(path, ".."), { recursive: true });
  const writer = await createWavWriter(path, { sampleRate: RATE });
  for (let second = 0; second < seconds; second++) await writer.write(BURSTS.includes(second) ? loud : quiet);
  await writer.commit();
}

const FOUND =
  "recording,onset,offset,label,score,clip,url\nVODS/show.wav,100,101,burp,0.9,,\nVODS/show.wav,170,171,burp,0.8,,\n";

const withRecording = (use: (labeler: TestLabeler & { id: string }) => Promise<void>) =>
  withLabeler(async (data) => {
    await writeRecording(join(data, "vods/show.wav"));
    await Deno.mkdir(join(data, "found/show"), { recursive: true });
    await Deno.writeTextFile(
      join(data, "found/show/events.csv"),
      FOUND.replaceAll("VODS", join(data, "vods")),
    );
  }, async (labeler) => {
    const { recordings } = await labeler.json<RecordingList>("/api/recordings");
    assert.deepEqual(recordings.map(({ name, duration, candidates }) => ({ name, duration, candidates })), [
      { name: "show.wav", duration: 200, candidates: 2 },
    ]);
    await use(Object.create(labeler, { id: { value: recordings[0]!.id } }));
  });

async function whenReady(labeler: TestLabeler, id: string): Promise<RecordingOverview> {
  for (;;) {
    const overview = await labeler.json<RecordingOverview>(`/api/recordings/${id}/overview`);
    if (overview.ready) return overview;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

Deno.test("tiles of every level show a burst where it sounds, before and after the pass over the recording", () =>
  withRecording(async (labeler) => {
    const { id } = labeler;
    const { maxLevel } = await labeler.json<RecordingDetail>(`/api/recordings/${id}`);
    assert.equal(maxLevel, 10, "256 s hold 200 s");
    /** Mean lightness of the columns of a part of a tile, in seconds of the tile. */
    const lightness = async (level: number, index: number, from: number, to: number) => {
      const response = await labeler.get(`/api/recordings/${id}/tiles/${level}/${index}.png`);
      const { width, height, data } = decode(await response.bytes());
      assert.deepEqual([response.status, width, height], [200, TILE_WIDTH, TILE_HEIGHT]);
      const columns = [from, to].map((time) => Math.round(time / (0.25 * 2 ** level) * width));
      let sum = 0;
      for (let y = 0; y < height; y++) {
        for (let x = columns[0]!; x < columns[1]!; x++) sum += data[y * width + x]!;
      }
      return sum / height / (columns[1]! - columns[0]!);
    };
    const check = async (level: number, index: number, start: number) => {
      const span = 0.25 * 2 ** level;
      const [burst, before] = [
        await lightness(level, index, start + 0.1, start + 0.9),
        await lightness(level, index, Math.max(0, start - 0.1 * span), start - 0.05 * span),
      ];
      assert.ok(burst > 1.3 * before, `level ${level}: ${burst} against ${before}`);
    };
    await check(6, 6, 4); // 16 s a tile from 96 s on
    await check(8, 1, 36); // 64 s a tile from 64 s on
    const { peaks, scores } = await whenReady(labeler, id);
    await check(9, 0, 100); // 128 s a tile
    const loudest = peaks.indexOf(Math.max(...peaks)) / 2 / (peaks.length / 2) * 200;
    assert.ok(BURSTS.some((time) => Math.abs(loudest - time) <= 1), `loudest at ${loudest} s`);
    assert.deepEqual([scores?.values[1000], scores?.values[1700], scores?.values[500]], [0.9, 0.8, null]);
    for (
      const bad of ["11/0.png", "0/800.png", "-1/0.png", "0/x.png", "0/1e3.png", "99/0.png", "1.5/0.png"]
    ) {
      assert.equal((await labeler.get(`/api/recordings/${id}/tiles/${bad}`)).status, 404, bad);
    }
  }));

Deno.test("peaks, stretches and the file give the very samples of their place", () =>
  withRecording(async (labeler) => {
    const { id } = labeler;
    const peaks = new Int8Array(await (await labeler.get(`/api/recordings/${id}/peaks/3/50`)).arrayBuffer());
    assert.equal(peaks.length, 2 * PEAK_BINS);
    assert.ok(
      Math.max(...peaks.subarray(0, 200)) > 55 && Math.max(...peaks.subarray(PEAK_BINS)) < 3,
      "loud for the first half of 100 to 102 s",
    );
    const stretch = await labeler.get(`/api/recordings/${id}/stretch.wav?start=100&duration=1`, {
      range: "bytes=0-43",
    });
    assert.deepEqual([stretch.status, stretch.headers.get("content-range")], [206, "bytes 0-43/48044"]);
    await stretch.body?.cancel();
    const bytes = (await Deno.readFile(join(labeler.data, "vods/show.wav"))).subarray(1_000_000, 1_000_100);
    const part = await labeler.get(`/api/recordings/${id}/file`, { range: "bytes=1000000-1000099" });
    assert.deepEqual(await part.bytes(), bytes);
    for (
      const query of ["", "?start=0", "?start=0&duration=121", "?start=201&duration=1", "?start=x&duration=1"]
    ) {
      assert.equal((await labeler.get(`/api/recordings/${id}/stretch.wav${query}`)).status, 400, query);
    }
  }));

Deno.test("boundaries snap to where a sound begins and ends, and quiet is where nothing sounds", () =>
  withRecording(async (labeler) => {
    const snaps = await labeler.json<SnapPoints>(`/api/recordings/${labeler.id}/snaps?start=98&end=103`);
    assert.ok(snaps.onsets.some((time) => Math.abs(time - 100) < 0.05), JSON.stringify(snaps.onsets));
    assert.ok(snaps.offsets.some((time) => Math.abs(time - 101) < 0.05), JSON.stringify(snaps.offsets));
    assert.ok(
      snaps.quiet.every(({ start, end }) => end <= 100.05 || start >= 100.95),
      JSON.stringify(snaps.quiet),
    );
    assert.ok(snaps.quiet.length > 0);
  }));

Deno.test("annotations beside a recording are shown as labels, until the ledger says otherwise of their stretch", () =>
  withRecording(async (labeler) => {
    const { id } = labeler;
    const path = `/api/recordings/${id}/regions`;
    const regions = async () => (await labeler.json<RegionList>(path)).regions;
    assert.deepEqual(await regions(), []);
    await Deno.writeTextFile(join(labeler.data, "vods/show.txt"), "40\t41\tburp\n170\t171\tburp\n");
    const shown = await regions();
    assert.deepEqual(shown.map(({ onset, label, source }) => [onset, label, source]), [
      [40, "burp", { kind: "import", name: "show.txt" }],
      [170, "burp", { kind: "import", name: "show.txt" }],
    ]);
    assert.equal((await labeler.ledger.current()).length, 0, "nothing is written by looking");
    const refused = await labeler.post("/api/undo", {
      client: TAB,
      scope: `recording:${id}`,
      answers: [shown[0]!.id],
    });
    assert.equal(refused.status, 409);
    assert.match(await refused.text(), /stands in the file beside the recording/);
    const corrected = { id: "region-1", onset: 40.2, offset: 41, label: "not-burp", replaces: shown[0]!.id };
    assert.equal((await labeler.post(path, { client: TAB, regions: [corrected] })).status, 200);
    assert.deepEqual((await regions()).map(({ onset, label }) => [onset, label]), [
      [40.2, "not-burp"],
      [170, "burp"],
    ]);
    const [entry] = await labeler.ledger.current();
    assert.deepEqual([entry?.label, entry?.replaces], ["not-burp", undefined]);
    await Deno.writeTextFile(join(labeler.data, "vods/show.txt"), "time,user,message\n1,a,b\n");
    assert.equal((await regions()).length, 1, "another kind of table is none");
  }));

Deno.test("regions are written all or none, once, corrected together and taken back together", () =>
  withRecording(async (labeler) => {
    const { id } = labeler;
    const path = `/api/recordings/${id}/regions`;
    const send = (regions: readonly Record<string, unknown>[]) =>
      labeler.post(path, { client: TAB, regions });
    const two = [
      { id: "region-1", onset: 0, offset: 99.5, label: "not-burp", replaces: null },
      { id: "region-2", onset: 99.5, offset: 102, label: "burp", replaces: null },
    ];
    assert.deepEqual([(await send(two)).status, (await (await send(two)).json()).written], [200, false]);
    const moved = [
      { ...two[0], id: "region-3", offset: 100, replaces: "region-1" },
      { ...two[1], id: "region-4", onset: 100, replaces: "region-2" },
    ];
    assert.equal((await send([moved[0]!, { ...moved[1], replaces: "nothing" }])).status, 409);
    assert.equal((await send(moved)).status, 200);
    const boundaries = async () =>
      (await labeler.json<RegionList>(path)).regions.map((
        { onset, offset, label },
      ) => [onset, offset, label]);
    assert.deepEqual(await boundaries(), [[0, 100, "not-burp"], [100, 102, "burp"]]);
    const { candidates } = await labeler.json<CandidateList>(`/api/recordings/${id}/candidates`);
    assert.deepEqual(candidates.map(({ onset, score, done }) => [onset, score, done]), [[100, 0.9, true], [
      170,
      0.8,
      false,
    ]]);
    const scope = `recording:${id}`;
    const { steps } = await labeler.json<History>(`/api/history?scope=${scope}`);
    assert.deepEqual(steps[0]?.answers, ["region-3", "region-4"]);
    const undone = await labeler.post("/api/undo", { client: TAB, scope, answers: steps[0]!.answers });
    assert.equal((await undone.json()).undone, 2);
    assert.deepEqual(await boundaries(), [[0, 99.5, "not-burp"], [99.5, 102, "burp"]]);
    for (
      const bad of [{ ...two[0], id: "region-9", onset: 200, offset: 201 }, {
        ...two[0],
        id: "region-9",
        label: "cow",
      }]
    ) {
      assert.equal((await send([bad])).status, 400);
    }
  }));
