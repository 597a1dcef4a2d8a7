import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { decodeStream } from "lib/media/audio/audio_source.ts";
import { openVod, type Vod } from "lib/media/hls/vod.ts";
import { readVodWindow, streamVod, streamVodStretches } from "lib/media/hls/vod_stream.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { createSeededFaults } from "tests/fakes/faults.ts";
import { connect } from "tests/fakes/twitch_connection.ts";
import { type FakeTwitch, fakeVod, startFakeTwitch } from "tests/fakes/twitch_server.ts";
import { type FakeMedia, makeFakeMedia } from "tests/fakes/vod_media.ts";
import { scaled, tellFigure } from "tests/long_run.ts";
import { hasProgram } from "tests/requirements.ts";

const ignore = !(await hasProgram("ffmpeg"));
const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });

const piecesOf = (media: FakeMedia, id: string) =>
  media.renditions.find((rendition) => rendition.id === id)!.segments.map((segment) => segment.bytes);

async function concatenate(parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Uint8Array> {
  const all = await Array.fromAsync(parts as AsyncIterable<Uint8Array>);
  return new Uint8Array(await new Blob(all as BlobPart[]).arrayBuffer());
}

const segmentRequests = (twitch: FakeTwitch) =>
  twitch.requests.filter((request) => request.startsWith("segment"));

test("streamVod() gives all segments in order, fetching only a few ahead", async () => {
  const media = await makeFakeMedia();
  await using twitch = startFakeTwitch({ "1": fakeVod(media, { discontinuities: new Set([5]) }) });
  const vod = await openVod("1", connect(twitch));
  assert.deepEqual(await concatenate(streamVod(vod)), await concatenate(piecesOf(media, "audio_only")));
  assert.equal(vod.playlist.segments[5]!.discontinuity, true);

  twitch.requests.length = 0;
  let seen = 0;
  for await (const bytes of streamVod(vod, { prefetch: 2 })) {
    assert(bytes.length > 0);
    if (++seen === 3) break;
  }
  assert(segmentRequests(twitch).length <= 3 + 3, `${segmentRequests(twitch)}`);
});

test("streamVod() begins and ends where asked, and sends the header of fragmented MP4 once", async () => {
  const media = await makeFakeMedia();
  await using twitch = startFakeTwitch({ "1": fakeVod(media) });
  const vod = await openVod("1", connect(twitch));
  const pieces = piecesOf(media, "audio_only");
  const [from, to] = [vod.playlist.segments[2]!, vod.playlist.segments[4]!];
  const part = await concatenate(streamVod(vod, { start: from.start + 1, end: to.start + 1 }));
  assert.deepEqual(part, await concatenate(pieces.slice(2, 5)));

  const fragments = await openVod("1", { ...connect(twitch), quality: "source" });
  assert.equal(fragments.rendition, "Fragments");
  const { header, segments } = media.renditions[2]!;
  const whole = [header!, ...segments.map((segment) => segment.bytes)];
  assert.deepEqual(await concatenate(streamVod(fragments)), await concatenate(whole));
  const window = await readVodWindow(fragments, { start: 5, end: 6 });
  assert.deepEqual(window!.bytes, await concatenate([header!, segments[1]!.bytes]));
});

test("streamVod() feeds a decoder's standard input, in every form of media", async () => {
  const media = await makeFakeMedia();
  await using twitch = startFakeTwitch({ "1": fakeVod(media) });
  for (const quality of ["audio_only", "160p", "source"]) {
    const vod = await openVod("1", { ...connect(twitch), quality });
    const source = await decodeStream(ReadableStream.from(streamVod(vod)), {
      sampleRate: 8000,
      name: "VOD 1",
    });
    const samples = new Float32Array(62 * 8000);
    let length = 0;
    for await (const block of source.blocks) {
      samples.set(block, length);
      length += block.length;
    }
    assert(Math.abs(length / 8000 - 60) < 0.2, `${quality}: ${length / 8000} s`);
    // The second that begins at 20 s has a pitch of 200 + 20 * 20 Hz; count its zero crossings.
    const second = samples.subarray(Math.round(20.2 * 8000), Math.round(20.8 * 8000));
    const crossings = second.reduce(
      (count, value, i) => count + (i > 0 && value >= 0 && second[i - 1]! < 0 ? 1 : 0),
      0,
    );
    assert(Math.abs(crossings / 0.6 - 600) < 10, `${quality}: ${crossings / 0.6} Hz`);
  }
});

test("a window costs only the segments that cover it, and nothing when they are kept", async () => {
  const media = await makeFakeMedia();
  await using twitch = startFakeTwitch({ "1": fakeVod(media, { muted: new Set([6]) }) });
  const cacheFolder = await Deno.makeTempDir();
  const options = { ...connect(twitch), cacheFolder };
  const vod = await openVod("1", options);
  const start = vod.playlist.segments[5]!.start;
  const window = { start: start + 2, end: start + 6 };
  const read = await readVodWindow(vod, window);
  assert.equal(read!.start, start);
  assert.deepEqual(read!.bytes, await concatenate(piecesOf(media, "audio_only").slice(5, 7)));
  assert.deepEqual(read!.muted, [{ start: vod.playlist.segments[6]!.start, end: window.end }]);
  assert.deepEqual(segmentRequests(twitch), [
    "segment /media/1/audio_only/5.ts",
    "segment /media/1/audio_only/6-muted.ts",
  ]);
  const again = await openVod("1", options);
  assert.deepEqual((await readVodWindow(again, window))!.bytes, read!.bytes);
  assert.equal(segmentRequests(twitch).length, 2);
  assert.equal(again.fetchedSegments, 0);
  assert.equal(await readVodWindow(again, { start: 100, end: 120 }), undefined);
  await Deno.remove(cacheFolder, { recursive: true });
});

test("a VOD that is muted, signed anew or grows while it is read stays readable", async () => {
  const media = await makeFakeMedia();
  const fake = fakeVod(media, { available: 8 });
  await using twitch = startFakeTwitch({ "1": fake });
  const vod = await openVod("1", connect(twitch));
  assert.equal(vod.playlist.ended, false);
  const read: Uint8Array[] = [];
  for await (const bytes of streamVod(vod, { prefetch: 0 })) {
    read.push(bytes);
    if (read.length === 3) fake.muted = new Set([4]);
    if (read.length === 6) twitch.signature = "signed-2";
    if (read.length === 7) fake.available = Infinity;
  }
  assert.deepEqual(await concatenate(read), await concatenate(piecesOf(media, "audio_only")));
  assert.equal(vod.playlist.ended, true);
  assert.equal(vod.playlist.segments[4]!.muted, true);
});

test("seeded faults leave every byte as in a clean run, or are named", async () => {
  const media = await makeFakeMedia();
  const clean = await concatenate(piecesOf(media, "audio_only"));
  const kinds = new Set<string>();
  const seeds = scaled({ usual: 12, long: 200 });
  let count = 0;
  for (let seed = 0; seed < seeds; seed++) {
    await using twitch = startFakeTwitch({ "1": fakeVod(media) });
    const faults = createSeededFaults(createRandom(`faults ${seed}`), 0.35);
    twitch.faults = faults;
    const vod = await openVod("1", connect(twitch, { seed: `${seed}` }));
    assert.deepEqual(await concatenate(streamVod(vod)), clean, `seed ${seed}: ${faults.done.join("; ")}`);
    for (const fault of faults.done) kinds.add(fault.split(": ")[1]!);
    count += faults.done.length;
  }
  assert.equal(kinds.size, 10, [...kinds].join(", "));
  tellFigure(`${seeds} VODs streamed through ${count} faults of ${kinds.size} kinds: the same byte for byte`);
});

test("a segment that cannot be had is named, or becomes a hole between stretches with right times", async () => {
  const media = await makeFakeMedia();
  await using twitch = startFakeTwitch({ "1": fakeVod(media) });
  twitch.faults = (_kind, path) =>
    /\/(?:0|6|7)\.ts$/.test(path) ? { kind: "status", status: 404 } : undefined;
  const vod = await openVod("1", connect(twitch));
  await assert.rejects(concatenate(streamVod(vod)), (error: unknown) => {
    assert(error instanceof RequestError && error.problem === "missing");
    assert.match(error.message, /segment 0 of VOD 1: the server answered 404/);
    assert.doesNotMatch(Deno.inspect(error), /signed-1/);
    return true;
  });
  const missing: number[] = [];
  const stretches: [number, Uint8Array][] = [];
  for await (const { start, bytes } of streamVodStretches(vod, (segment) => missing.push(segment.sequence))) {
    stretches.push([start, await concatenate(bytes)]);
  }
  const pieces = piecesOf(media, "audio_only");
  const starts = vod.playlist.segments.map((segment) => segment.start);
  assert.deepEqual(missing, [0, 6, 7]);
  assert.deepEqual(stretches.filter(([, bytes]) => bytes.length > 0), [
    [starts[1], await concatenate(pieces.slice(1, 6))],
    [starts[8], await concatenate(pieces.slice(8))],
  ]);
});

test("media that is damaged on the server itself is used with a warning; a page instead of media is not", async () => {
  const media = await makeFakeMedia();
  const [, audio] = media.renditions;
  const cut = audio!.segments.map((segment, i) =>
    i === 2 ? { ...segment, bytes: segment.bytes.slice(0, 188 * 30 + 7) } : segment
  );
  const page = audio!.segments.map((segment, i) =>
    i === 2 ? { ...segment, bytes: new TextEncoder().encode("<html></html>") } : segment
  );
  await using twitch = startFakeTwitch({
    "1": fakeVod({ renditions: [{ ...audio!, segments: cut }] }),
    "2": fakeVod({ renditions: [{ ...audio!, segments: page }] }),
  });
  const warnings: string[] = [];
  const vod = await openVod("1", { ...connect(twitch), onWarning: (text) => warnings.push(text) });
  const third = vod.playlist.segments[2]!;
  assert.equal((await vod.readSegment(third)).length, 188 * 30 + 7);
  assert.match(warnings[0]!, /segment 2 of VOD 1 is damaged on the server: it ends inside a packet/);
  const other = await openVod("2", connect(twitch));
  await assert.rejects(
    other.readSegment(other.playlist.segments[2]!),
    (error: unknown) =>
      error instanceof RequestError && /segment 2 of VOD 2: it is no media/.test(error.message),
  );
});

test("damage that comes twice on its way is told from damage on the server by the checksum", async () => {
  const media = await makeFakeMedia();
  await using twitch = startFakeTwitch({ "1": fakeVod(media) });
  let times = 0;
  const corrupt = (limit: number) => () => times++ < limit ? { kind: "corrupt" as const } : undefined;
  const vod = await openVod("1", connect(twitch));
  twitch.faults = corrupt(2);
  assert.deepEqual(await vod.readSegment(vod.playlist.segments[1]!), piecesOf(media, "audio_only")[1]);

  // A store whose tags are no checksums: believed no more after the first segment.
  const warnings: string[] = [];
  const other = await openVod("1", { ...connect(twitch), onWarning: (text) => warnings.push(text) });
  times = 0;
  twitch.faults = (kind) => kind === "segment" ? corrupt(Infinity)() : undefined;
  await other.readSegment(other.playlist.segments[2]!);
  await other.readSegment(other.playlist.segments[3]!);
  assert.equal(times, 4);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /segment 2 of VOD 1 is damaged on the server: it differs from the checksum/);
});

test("streamVod() stops at once when its signal aborts", async () => {
  await using twitch = startFakeTwitch({ "1": fakeVod(await makeFakeMedia()) });
  const vod: Vod = await openVod("1", connect(twitch));
  const stop = new AbortController();
  let count = 0;
  await assert.rejects(async () => {
    for await (const bytes of streamVod(vod, { signal: stop.signal })) {
      if (bytes && ++count === 2) stop.abort(new Error("enough"));
    }
  }, { message: "enough" });
  assert.equal(count, 2);
});

test("a reader that is killed at any point goes on with at most one segment fetched again", async () => {
  const media = await makeFakeMedia();
  await using twitch = startFakeTwitch({ "1": fakeVod(media) });
  const script = join(import.meta.dirname!, "..", "..", "fakes", "read_windows.ts");
  const random = createRandom("kills");
  for (let round = 0; round < 2; round++) {
    const cacheFolder = await Deno.makeTempDir();
    twitch.requests.length = 0;
    const killAt = 2 + random.integer(8);
    const run = () =>
      new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-q",
          "--no-check",
          "--allow-all",
          script,
          JSON.stringify(twitch.endpoints),
          cacheFolder,
        ],
        stdout: "piped",
        stderr: "inherit",
      }).spawn();
    const child = run();
    twitch.faults = () => {
      if (segmentRequests(twitch).length === killAt) child.kill("SIGKILL");
      return undefined;
    };
    await child.output();
    twitch.faults = () => undefined;
    const { stdout } = await run().output();
    assert.equal(
      new TextDecoder().decode(stdout).trim(),
      `${(await concatenate(piecesOf(media, "audio_only"))).length}`,
    );
    const repeated = segmentRequests(twitch).length - new Set(segmentRequests(twitch)).size;
    assert(repeated <= 1, `round ${round}: ${repeated} fetched again`);
    assert.equal(new Set(segmentRequests(twitch)).size, media.renditions[1]!.segments.length);
    await Deno.remove(cacheFolder, { recursive: true });
  }
});
