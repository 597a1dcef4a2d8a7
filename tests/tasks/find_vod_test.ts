import assert from "node:assert/strict";
import { join } from "node:path";
import { readSamples } from "lib/media/audio/clip.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { type ToneFolder, TONES, withToneModel } from "tests/learning/detect/with_tone_model.ts";
import { type FakeTwitch, type FakeVod, fakeVod, startFakeTwitch } from "tests/fakes/twitch_server.ts";
import { makeMediaOf } from "tests/fakes/vod_media.ts";
import { listTree } from "tests/work/harvest/folder_tree.ts";
import { hasProgram } from "tests/requirements.ts";

const ignore = !(await hasProgram("ffmpeg"));
const TASK = join(import.meta.dirname!, "..", "..", "tasks", "find.ts");
const ID = "1746376348";
const SECONDS = 20;

/** Runs the command in the test's folder, against the server. */
async function run(tones: ToneFolder, twitch: FakeTwitch, args: readonly string[]) {
  const { gql, usher, helix, id } = twitch.endpoints;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "--no-check", "--allow-read", "--allow-write", "--allow-net=127.0.0.1", "--allow-run"],
      ...["--allow-env", "--allow-sys", "--allow-ffi", TASK, "--model", tones.modelDir, ...args],
    ],
    cwd: tones.folder,
    env: {
      TWITCH_GQL_URL: gql,
      TWITCH_USHER_URL: usher,
      TWITCH_HELIX_URL: helix,
      TWITCH_ID_URL: id,
      NO_COLOR: "1",
      INIT_CWD: tones.folder,
    },
    stdout: "piped",
    stderr: "piped",
  }).output();
  const lines = (bytes: Uint8Array) => new TextDecoder().decode(bytes).split("\n").slice(0, -1);
  return { code, out: lines(stdout), err: lines(stderr) };
}

/** Runs `check` with a server that has the tones as a VOD, in segments of two seconds. */
async function withVod(
  check: (tones: ToneFolder, twitch: FakeTwitch, vod: FakeVod) => Promise<void>,
): Promise<void> {
  await withToneModel(async (tones) => {
    const samples = await readSamples(tones.recording, { sampleRate: 8000 });
    const vod = fakeVod(await makeMediaOf(samples, { sampleRate: 8000, segmentSeconds: 2, picture: true }));
    await using twitch = startFakeTwitch({ [ID]: vod });
    await check(tones, twitch, vod);
  });
}

const rowsOf = (lines: readonly string[]) => lines.slice(1).map((line) => line.split(","));
const fetched = (twitch: FakeTwitch) =>
  twitch.requests.splice(0).filter((text) => text.startsWith("segment"));
const filesOf = async (folder: string) =>
  [...(await listTree(folder)).keys()].filter((path) => path.startsWith("data/")).sort();

Deno.test({
  name: "find searches a VOD as it searches the same media in a file, and stores nothing of it",
  ignore,
  fn: () =>
    withVod(async (tones, twitch, vod) => {
      const media = vod.media.renditions.find(({ id }) => id === "audio_only")!;
      const file = join(tones.folder, "same.ts");
      await Deno.writeFile(file, new Blob(media.segments.map(({ bytes }) => bytes)).stream());
      const names = [ID, `https://www.twitch.tv/videos/${ID}?t=5s`, `v${ID}`, "same.ts"];
      const planned = await run(tones, twitch, [...names, "--dry-run"]);
      assert.match(
        planned.out[0]!,
        /^1746376348: search 0\.0 hours of Audio Only from Twitch, into data.found.1746376348$/,
      );
      assert.equal(planned.out.length, 2, "the VOD once");
      assert.deepEqual(fetched(twitch), []);

      const first = await run(tones, twitch, ["--jobs", "1", ...names]);
      assert.equal(first.code, 0, first.err.join("\n"));
      const [ofVod, ofFile] = [ID, "same.ts"].map((name) =>
        rowsOf(first.out).filter((row) => row[0] === name)
      );
      assert.equal(ofVod!.length, TONES.length);
      assert.deepEqual(ofVod!.map((row) => row.slice(1, 5)), ofFile!.map((row) => row.slice(1, 5)));
      assert.equal(ofVod![1]![6], `https://www.twitch.tv/videos/${ID}?t=5s`);
      assert.deepEqual(await filesOf(tones.folder), [
        `data/found/${ID}/events.csv`,
        `data/found/${ID}/scores.bin`,
        `data/found/${ID}/search.json`,
        "data/found/same/events.csv",
        "data/found/same/scores.bin",
        "data/found/same/search.json",
      ]);
      assert.equal(fetched(twitch).length, media.segments.length, "each segment once");

      const again = await run(tones, twitch, [ID]);
      assert.match(again.err[0]!, /searched before/);
      assert.deepEqual(fetched(twitch), []);
      vod.available = 5;
      assert.equal((await run(tones, twitch, [ID])).out.length, 1 + 2, "another length, another search");
    }),
});

Deno.test({
  name: "find --clips cuts clips from a VOD, with picture where its rendition has one",
  ignore,
  fn: () =>
    withVod(async (tones, twitch, vod) => {
      const args = ["--clips", "--event", "high", "--format", "csv,html", ID];
      const { code, out, err } = await run(tones, twitch, args);
      assert.equal(code, 0, err.join("\n"));
      const { segments } = vod.media.renditions.find(({ id }) => id === "audio_only")!;
      assert.equal(fetched(twitch).length, segments.length, "each segment once, clips and report included");
      const [, onset, offset, , , clip] = rowsOf(out)[0]!;
      const cut = await readSamples(join(tones.folder, clip!), { sampleRate: 8000 });
      assert(Math.abs(cut.length / 8000 - (Number(offset) - Number(onset))) < 0.001);
      const { frequency } = TONES[1]!;
      const middle = cut.subarray(800, cut.length - 800);
      const rising = middle.reduce((n, value, i) => n + (value >= 0 && middle[i - 1]! < 0 ? 1 : 0), 0);
      assert(Math.abs(rising / (middle.length / 8000) / frequency - 1) < 0.03, "the tone is in the clip");
      assert((await filesOf(tones.folder)).includes(`data/found/${ID}/report.html`));
      const seen = await run(tones, twitch, [...args, "--quality", "160p"]);
      assert.equal(seen.code, 0, seen.err.join("\n"));
      const seenSegments = vod.media.renditions.find(({ id }) => id === "160p30")!.segments;
      assert.equal(fetched(twitch).length, seenSegments.length, "each segment once, with pictures");
      const videos = (await filesOf(tones.folder)).filter((path) => path.endsWith(".mp4"));
      assert.equal(videos.length, 1);
    }),
});

Deno.test({
  name: "find --channel searches the VODs of a channel, and names one that cannot be played",
  ignore,
  fn: () =>
    withVod(async (tones, twitch, { media }) => {
      twitch.vods.set(
        "2000000001",
        fakeVod(media, { createdAt: "2026-02-01T00:00:00Z", state: "subscriber-only" }),
      );
      twitch.vods.set("2000000002", fakeVod(media, { createdAt: "2026-03-01T00:00:00Z" }));
      const { code, out, err } = await run(tones, twitch, ["--channel", "somebody", "--output", "-"]);
      assert.equal(code, 1);
      assert.match(err.join("\n"), /3 VODs of somebody/);
      assert.match(err.join("\n"), /2000000001.*for subscribers only/);
      const names = rowsOf(out).map(([name]) => name);
      assert.deepEqual([...new Set(names)].toSorted(), [ID, "2000000002"]);
      const late = await run(tones, twitch, ["--channel", "somebody", "--since", "2026-02-15", "--dry-run"]);
      assert.match(late.out.join("\n"), /^2000000002: search [^\n]*$/);
    }),
});

Deno.test({
  name: "find --keep keeps a VOD as one file, which is read from then on",
  ignore,
  fn: () =>
    withVod(async (tones, twitch, vod) => {
      const before = await run(tones, twitch, [ID]);
      const kept = await run(tones, twitch, ["--keep", ID]);
      assert.equal(kept.code, 0, kept.err.join("\n"));
      assert.deepEqual(kept.out, before.out);
      const path = join(tones.folder, "data", "vods", `${ID}.ts`);
      const { segments } = vod.media.renditions.find(({ id }) => id === "audio_only")!;
      const media = new Uint8Array(await new Blob(segments.map(({ bytes }) => bytes)).arrayBuffer());
      assert.deepEqual(await Deno.readFile(path), media);
      assert(Math.abs((await readSamples(path, { sampleRate: 8000 })).length / 8000 - SECONDS) < 0.1);

      twitch.requests.length = 0;
      const again = await run(tones, twitch, ["--keep", ID]);
      assert.match(again.err.join("\n"), /read from data.vods.1746376348\.ts.*searched before/s);
      const other = await run(tones, twitch, ["--threshold", "0.55", ID]);
      assert.deepEqual(other.out, before.out);
      assert.equal(rowsOf(other.out)[0]![6], `https://www.twitch.tv/videos/${ID}?t=2s`);
      assert.deepEqual(twitch.requests, []);
      assert.deepEqual(await filesOf(join(tones.folder, "data")), []);
    }),
});

Deno.test({
  name: "find warns of segments that are gone, and keeps the times behind them right",
  ignore,
  fn: () =>
    withVod(async (tones, twitch) => {
      const whole = rowsOf((await run(tones, twitch, ["--output", "-", ID])).out);
      twitch.faults = (_kind, path) => /\/[23]\.ts$/.test(path) ? { kind: "status", status: 404 } : undefined;
      const { code, out, err } = await run(tones, twitch, ["--keep", ID]);
      assert.equal(code, 1);
      assert.match(
        err.join("\n"),
        /VOD 1746376348: 4\.0 s from 4\.\d s on cannot be had and count as silence/,
      );
      const rows = rowsOf(out);
      assert.deepEqual(rows.map((row) => row[3]), ["low", "low"]);
      [whole[0]!, whole[2]!].forEach((row, i) =>
        [1, 2].forEach((column) => assert(Math.abs(Number(row[column]) - Number(rows[i]![column])) < 0.05))
      );
      const vods = (await filesOf(tones.folder)).filter((path) => path.startsWith("data/vods"));
      assert.deepEqual(vods, [`data/vods/${ID}-incomplete.ts`]);
    }),
});

Deno.test({
  name: "find says in one line why a VOD cannot be searched, and does the others",
  ignore,
  fn: () =>
    withVod(async (tones, twitch, vod) => {
      const silent = { media: vod.media };
      twitch.vods.set("111111", fakeVod(silent.media, { state: "deleted" }));
      twitch.vods.set("222222", fakeVod(silent.media, { state: "subscriber-only" }));
      const args = ["111111", "222222", "https://example.com/a.mp4", "tones.wav"];
      const { code, out, err } = await run(tones, twitch, ["--quiet", "--output", "-", ...args]);
      assert.equal(code, 1);
      assert.equal(out.length, 1 + TONES.length);
      assert.equal(err.length, 3, err.join("\n"));
      assert.match(err.join("\n"), /example\.com.*no address of a Twitch VOD/);
      assert.match(err.join("\n"), /222222.*for subscribers only\. Copy the auth-token cookie/);
      assert.equal((await run(tones, twitch, ["--dry-run", "111111"])).code, 1);

      // A file of that name wins.
      await writeWav(join(tones.folder, "222222"), new Float32Array(8000), { sampleRate: 8000 });
      assert.equal((await run(tones, twitch, ["--output", "-", "222222"])).code, 0);

      // Access that ends in the middle leaves nothing behind.
      twitch.faults = (kind, path) => {
        if (kind === "segment" && path.endsWith("/6.ts")) vod.state = "subscriber-only";
        return kind === "segment" && path.endsWith("/6.ts") ? { kind: "status", status: 403 } : undefined;
      };
      const broken = await run(tones, twitch, ["--keep", ID]);
      assert.equal(broken.code, 1);
      assert.deepEqual(await filesOf(tones.folder), []);
      assert.match(broken.err.join("\n"), /subscribers only/);
    }),
});
