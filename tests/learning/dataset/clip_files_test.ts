import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { isBesideMedia, isMediaName, mayHavePicture } from "lib/base/events/media_name.ts";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { readClipFolders } from "lib/learning/dataset/clip_folder.ts";
import { recordingBeside } from "lib/learning/evaluate/event_files.ts";
import { encodeWav } from "lib/media/audio/wav_writer.ts";
import { doctor } from "tasks/doctor.ts";
import { runCommand } from "tasks/command.ts";
import { hasProgram } from "tests/requirements.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const WAV = encodeWav(Float32Array.from({ length: 16_000 }, (_, n) => 0.3 * Math.sin(n * 0.2)), {
  sampleRate: 16_000,
});

/** What ffmpeg writes into a file of each ending, where its own choice would not do. */
const MUXERS: Readonly<Record<string, readonly string[]>> = {
  ...{
    wav: [],
    rf64: ["-rf64", "always", "-f", "wav"],
    w64: [],
    aif: [],
    aiff: [],
    au: [],
    caf: [],
    flac: [],
    mp2: [],
    mp3: [],
  },
  ...{
    m4a: [],
    m4b: ["-f", "mp4"],
    aac: [],
    ogg: [],
    oga: [],
    opus: [],
    wma: [],
    ac3: [],
    eac3: [],
    tta: [],
    wv: [],
    mka: [],
  },
  mp4: [],
  m4v: ["-f", "mp4"],
  mov: [],
  mkv: [],
  webm: [],
  ts: [],
  m2ts: [],
  mts: ["-f", "mpegts"],
  ...{
    flv: ["-ar", "44100"],
    avi: [],
    mpg: [],
    vob: [],
    asf: [],
    wmv: ["-f", "asf"],
    "3gp": ["-c:a", "aac"],
    ogv: ["-f", "ogg", "-c:a", "libvorbis"],
  },
};

Deno.test({
  name: "clips and annotated recordings may be in every container that is searched",
  ignore: !(await hasProgram("ffmpeg")),
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const source = join(folder, "source.raw");
      await Deno.writeFile(source, WAV);
      const { path: ffmpeg } = await requireProgram("ffmpeg");
      for (const [extension, args] of Object.entries(MUXERS)) {
        const path = join(folder, `${extension}.${extension}`);
        await runToEnd(ffmpeg, ["-v", "error", "-i", source, "-ar", "48000", ...args, path]);
        await Deno.writeTextFile(join(folder, `${extension}.txt`), "0.1\t0.2\tburp\n");
        assert.equal(await recordingBeside(join(folder, `${extension}.txt`)), path);
      }
      const { clips, skipped } = await readClipFolders([folder], { sampleRate: 16_000 });
      assert.deepEqual(skipped, []);
      assert.deepEqual(
        clips.map(({ name }) => name),
        Object.keys(MUXERS).map((ext) => `${ext}.${ext}`).sort(),
      );
    }),
});

Deno.test("media are known by their extension, in capitals too, and so is what lies beside them", () => {
  for (const name of ["a.wav", "A.WAV", "x/y.mkv", "c.opus", "d.ts", "e.f.MTS"]) {
    assert(isMediaName(name), name);
  }
  for (const name of ["a.txt", "wav", ".wav", "b.wav.json", "c.png", "", "d.wav/x"]) {
    assert(!isMediaName(name), name);
  }
  assert.deepEqual(["a.mts", "a.FLV", "a.w64", "a.csv"].map(mayHavePicture), [true, true, false, false]);
  assert.deepEqual(["a.csv", "a.json.gz", "a.dat", "a.wav", "a"].map(isBesideMedia), [
    true,
    true,
    false,
    false,
    false,
  ]);
});

Deno.test({
  name: "links to nothing and links that lead round are named and left out of a folder of clips",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const [burps, others] = [join(folder, "burp"), join(folder, "others")];
      for (const path of [burps, others, join(burps, "more")]) await Deno.mkdir(path);
      for (const path of [join(burps, "a.wav"), join(burps, "more/b.wav"), join(others, "c.wav")]) {
        await Deno.writeFile(path, WAV);
      }
      await Deno.symlink("nowhere.wav", join(burps, "dead.wav"));
      await Deno.symlink("nowhere", join(burps, "dead"));
      await Deno.symlink(".", join(burps, "round"));
      await Deno.symlink("../..", join(burps, "more/above"));
      await Deno.symlink("self.wav", join(burps, "self.wav"));
      const reasons = {
        "dead": "a link to nothing",
        "dead.wav": "a link to nothing",
        "above": "a link to a folder that it lies in",
        "round": "a link to a folder that it lies in",
        "self.wav": "a link that leads back to itself",
      };
      const { clips, skipped } = await readClipFolders([burps], { sampleRate: 16_000 });
      assert.deepEqual(clips.map(({ name }) => name), ["a.wav", join("more", "b.wav")]);
      const told = Object.fromEntries(skipped.map(({ path, reason }) => [basename(path), reason]));
      assert.deepEqual(
        told,
        Object.fromEntries(Object.entries(reasons).map(([name, why]) => [name, `it is ${why}`])),
      );
      const args = ["--positives", burps, "--negatives", others, "--ledger", join(folder, "l.jsonl")];
      const { host, written } = createTestHost(args, ["doctor"]);
      await runCommand(doctor, host);
      assert.match(written.out, /3 clips examined/);
      for (const [name, why] of Object.entries(reasons)) {
        assert.match(written.out, new RegExp(`${name}: it is ${why}`));
      }
    }),
});
