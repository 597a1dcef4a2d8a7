import assert from "node:assert/strict";
import { join } from "node:path";
import { framesToSeconds, secondsToFrame } from "lib/base/events/time_grid.ts";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { addCalibration } from "lib/learning/model_package/write_package.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { readFrameScores } from "lib/work/search/frame_scores.ts";
import { readSearchRecord, writeSearchRecord } from "lib/work/search/search_record.ts";
import { runCommand } from "tasks/command.ts";
import type { Host } from "tasks/command/host.ts";
import { find } from "tasks/find.ts";
import { hasProgram } from "tests/requirements.ts";
import { toneRecording } from "tests/learning/detect/tone_recording.ts";
import { type ToneFolder, withToneModel } from "tests/learning/detect/with_tone_model.ts";

interface Result {
  readonly code: number;
  /** Lines of standard output. */
  readonly out: string[];
  /** Lines of standard error. */
  readonly err: string[];
}

/** Runs the command; `interruptAt` is a text that makes the user interrupt as soon as it is printed. */
async function run(args: readonly string[], { interruptAt }: { interruptAt?: string } = {}): Promise<Result> {
  let [out, err] = ["", ""];
  let interrupt = () => {};
  const host: Host = {
    args,
    env: () => undefined,
    readConfig: () => undefined,
    commands: ["find"],
    userFolder: "",
    version: "",
    columns: () => 80,
    write: (text) => {
      out += text;
      if (interruptAt !== undefined && text.includes(interruptAt)) interrupt();
      return true;
    },
    writeError: (text) => void (err += text),
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    onInterrupt: (listener) => {
      interrupt = listener;
      return () => {};
    },
  };
  const code = await runCommand(find, host);
  return { code, out: out.split("\n").slice(0, -1), err: err.split("\n").slice(0, -1) };
}

/** Arguments for the model of a test and a folder for what is found. */
function base({ modelDir, folder }: ToneFolder): string[] {
  return ["--model", modelDir, "--output", join(folder, "found")];
}

async function list(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), (entry) => entry.name)).sort();
}

const HEADER = "recording,onset,offset,label,score,clip,url";

Deno.test("find prints one line for each event and keeps them in the recording's folder", async () => {
  await withToneModel(async (tones) => {
    const { code, out, err } = await run([...base(tones), tones.recording]);
    assert.equal(code, 0);
    assert.equal(out[0], HEADER);
    const rows = out.slice(1).map((line) => line.split(","));
    assert.deepEqual(
      rows.map((row) => [row[0], row[3]]),
      ["low", "high", "low"].map((l) => [tones.recording, l]),
    );
    assert.deepEqual(err, [
      `${tones.recording}: 3 events in 0.3 minutes, in ${join(tones.folder, "found/tones")}`,
    ]);
    const csv = await Deno.readTextFile(join(tones.folder, "found/tones/events.csv"));
    assert.deepEqual(csv.trimEnd().split(/\r?\n/), out);
  });
});

Deno.test("find says how likely an event is right, once the model knows what its scores are worth", async () => {
  await withToneModel(async (tones) => {
    const calibrate = async (event: string, certain: boolean) => {
      const curve = [0, 1].map((score) => ({
        score,
        probability: certain ? 0.25 : score,
        lower: 0,
        upper: 1,
      }));
      const at = "2026-01-01T00:00:00.000Z";
      await addCalibration(tones.modelDir, { event, curve, reviewed: 9, right: 5, reviewedOn: "a.csv", at });
    };
    const search = () => run([...base(tones), tones.recording, "--format", "csv,json"]);
    const before = await search();
    assert.equal(before.out[0], HEADER);
    await calibrate("low", false);
    await calibrate("low", true);
    const { out } = await search();
    assert.equal(out[0], `${HEADER},probability`);
    assert.deepEqual(out.slice(1).map((line) => line.split(",").at(-1)), ["0.25", "", "0.25"]);
    assert.deepEqual(
      out.map((line) => line.split(",").slice(0, -1).join(",")),
      before.out,
      "the events are the same",
    );
    const csv = await Deno.readTextFile(join(tones.folder, "found/tones/events.csv"));
    assert.deepEqual(csv.trimEnd().split(/\r?\n/), out);
    const lines = (await Deno.readTextFile(join(tones.folder, "found/tones/events.jsonl"))).trim().split(
      "\n",
    );
    assert.deepEqual(lines.map((line) => JSON.parse(line).probability), [0.25, undefined, 0.25]);
    assert.match((await search()).err.join(), /searched before/);
    const nothing = await run([...base(tones), tones.recording, "--threshold", "1", "--output", "-"]);
    assert.deepEqual(nothing.out, [`${HEADER},probability`], "the same table without any event");
    const two = await run(
      ["--model", tones.modelDir, "--model", `${tones.modelDir}/.`, "--output", "-"].concat(tones.recording),
    );
    assert.equal(two.out[0], HEADER, "a mean of several models is another score");
    const other = await run([...base(tones), tones.recording, "--event", "high", "--output", "-"]);
    assert.equal(other.out[0], HEADER, "what scores of another sound are worth changes nothing");
  });
});

Deno.test("find writes files anew, without another search, once it is known what scores are worth", async () => {
  await withToneModel(async (tones) => {
    const folder = join(tones.folder, "found/tones");
    const read = (name: string) => Deno.readTextFile(join(folder, name));
    const search = (...args: string[]) => run([...base(tones), tones.recording, ...args]);
    await search("--format", "csv,json,raven,html", "--clips");
    const before = await read("events.csv");
    const scores = await Deno.readFile(join(folder, "scores.bin"));
    // A person's file stays as it is.
    await Deno.writeTextFile(join(folder, "events.raven.txt"), "mine");
    const curve = [0, 1].map((score) => ({ score, probability: 0.25, lower: 0, upper: 1 }));
    const at = "2026-01-01T00:00:00.000Z";
    const calibration = { event: "low", curve, reviewed: 9, right: 5, reviewedOn: "a.csv", at };
    await addCalibration(tones.modelDir, calibration);
    assert.match((await search("--dry-run")).out[0]!, /write files/);
    const { code, err } = await search();
    assert.deepEqual([code, err.filter((line) => /searched before/.test(line))], [0, []]);
    const rows = (await read("events.csv")).trimEnd().split(/\r?\n/).map((line) => line.split(","));
    assert.deepEqual(rows.map((row) => row.at(-1)), ["probability", "0.25", "", "0.25"]);
    assert.equal(
      rows.map((row) => row.slice(0, -1).join(",")).join("\n"),
      before.trimEnd().replaceAll("\r", ""),
    );
    assert.match(rows[1]![5]!, /wav$/, "the clips are still named");
    assert.match(
      await read("events.jsonl"),
      /"probability":0\.25/,
      "although it was not asked for this time",
    );
    assert.match(await read("report.html"), /25 % likely right/);
    assert.equal(await read("events.raven.txt"), "mine");
    assert.deepEqual(await Deno.readFile(join(folder, "scores.bin")), scores);
    assert.match((await search("--format", "csv,json,html", "--clips")).err[0]!, /searched before/);
    // Whatever was learnt last counts; a search that is cut off while it writes goes on with all of them.
    await addCalibration(tones.modelDir, { ...calibration, at: "2026-01-02T00:00:00.000Z" });
    assert.match((await search("--dry-run")).out[0]!, /write files/);
    await writeSearchRecord(folder, { ...(await readSearchRecord(folder))!, finished: false });
    await search("--no-resume");
    assert.match((await search("--format", "csv,json,html", "--clips")).err[0]!, /searched before/);
  });
});

Deno.test("find does not do a finished recording again, and adds formats to it", async () => {
  await withToneModel(async (tones) => {
    const first = await run([...base(tones), tones.recording]);
    const again = await run([...base(tones), tones.recording]);
    assert.deepEqual(again.out, first.out);
    assert.match(again.err[0]!, /searched before/);
    const more = await run([...base(tones), "--format", "csv,vtt,audacity", tones.recording]);
    assert.deepEqual(more.out, first.out);
    assert.deepEqual(await list(join(tones.folder, "found/tones")), [
      "events.audacity.txt",
      "events.csv",
      "events.vtt",
      "scores.bin",
      "search.json",
    ]);
    const planned = await run([...base(tones), "--dry-run", "--clips", tones.recording]);
    assert.match(planned.out[0]!, /write files/);
    const other = await run([...base(tones), "--dry-run", "--threshold", "0.6", tones.recording]);
    assert.match(other.out[0]!, /search/);
  });
});

Deno.test("find that searches in another way makes an earlier report anew instead of taking it away", async () => {
  await withToneModel(async (tones) => {
    const folder = join(tones.folder, "found/tones");
    await run([...base(tones), "--format", "html,vtt", tones.recording]);
    assert.deepEqual(await list(folder), ["events.vtt", "report.html", "scores.bin", "search.json"]);
    assert.equal((await run([...base(tones), "--threshold", "0.61", tones.recording])).code, 0);
    assert.deepEqual(await list(folder), [
      "events.csv",
      "events.vtt",
      "report.html",
      "scores.bin",
      "search.json",
    ]);
    assert.match(await Deno.readTextFile(join(folder, "report.html")), /Threshold<\/dt><dd>0\.61/);
  });
});

Deno.test("find keeps the scores of all frames beside the events, unless told otherwise", async () => {
  await withToneModel(async (tones) => {
    const folder = join(tones.folder, "found/tones");
    await run([...base(tones), "--no-scores", tones.recording]);
    assert.deepEqual(await list(folder), ["events.csv", "search.json"]);
    // Not worth a search of hours that was done.
    assert.match((await run([...base(tones), tones.recording])).err[0]!, /searched before/);
    await run([...base(tones), "--force", tones.recording]);
    const record = (await readSearchRecord(folder))!;
    const kept = (await readFrameScores(folder, record))!;
    const end = framesToSeconds(kept.scores.length, kept.grid);
    assert.ok(Math.abs(end - record.duration) <= 2 * kept.grid.period, `${end} of ${record.duration} s`);
    for (const { onset, offset, score } of record.events) {
      const part = kept.scores.slice(secondsToFrame(onset, kept.grid), secondsToFrame(offset, kept.grid));
      assert.ok(Math.max(...part) >= score - 0.01, `${Math.max(...part)} against ${score}`);
    }
    // A search that was cut off before it had written them is done again, one that was cut off later is not.
    await writeSearchRecord(folder, { ...record, finished: false });
    assert.match((await run([...base(tones), "--dry-run", tones.recording])).out[0]!, /write files/);
    await Deno.remove(join(folder, "scores.bin"));
    assert.match((await run([...base(tones), "--dry-run", tones.recording])).out[0]!, /search/);
    assert.equal((await run([...base(tones), tones.recording])).code, 0);
    assert.deepEqual((await readFrameScores(folder, record))?.scores, kept.scores);
  });
});

Deno.test("find cuts clips that sound as the recording does there, and writes a report and links", async () => {
  await withToneModel(async (tones) => {
    const args = [
      "--clips",
      "--format",
      "csv,html",
      "--url",
      "123456789",
      "--event",
      "high",
      tones.recording,
    ];
    const { code, out } = await run([...base(tones), ...args]);
    assert.equal(code, 0);
    const [, onset, offset, , , clip, url] = out[1]!.split(",");
    assert.equal(url, "https://www.twitch.tv/videos/123456789?t=5s");
    const cut = await readSamples(clip!, { sampleRate: 8000 });
    assert(Math.abs(cut.length / 8000 - (Number(offset) - Number(onset))) < 0.001);
    const original = await readSamples(tones.recording, {
      sampleRate: 8000,
      start: Number(onset),
      duration: 0.2,
    });
    const loudness = (samples: Float32Array) => Math.hypot(...samples.subarray(400, 1400));
    assert(Math.abs(loudness(cut) / loudness(original) - 1) < 0.05);
    const report = await Deno.readTextFile(join(tones.folder, "found/tones/report.html"));
    assert.match(report, /^<!doctype html>/i);
    assert.match(report, /Found in tones/);
  });
});

Deno.test("find says in one line what is wrong with each file, does the others and fails", async () => {
  await withToneModel(async (tones) => {
    const path = (name: string) => join(tones.folder, name);
    await Deno.writeTextFile(path("text.wav"), "this is text");
    await Deno.writeTextFile(path("empty.wav"), "");
    const whole = await Deno.readFile(tones.recording);
    await Deno.writeFile(path("cut.wav"), whole.subarray(0, 300_000));
    const bad = ["missing.wav", "text.wav", "empty.wav", "cut.wav"].map(path);
    for (const attempt of [1, 2]) {
      const { code, out, err } = await run([...base(tones), "--quiet", ...bad, tones.recording]);
      assert.equal(code, 1, `attempt ${attempt}`);
      assert.equal(err.length, 4, err.join("\n"));
      for (const name of bad) assert.equal(err.filter((line) => line.includes(name)).length, 1);
      assert.equal(out.filter((line) => line.startsWith(tones.recording)).length, 3);
      // What there is of the file that was cut short is searched.
      assert.equal(out.filter((line) => line.startsWith(path("cut.wav"))).length, 2);
    }
    assert.deepEqual(await list(path("found")), ["cut", "tones"]);
  });
});

Deno.test("find leaves earlier results alone when a recording has gone bad or a file was edited", async () => {
  await withToneModel(async (tones) => {
    await run([...base(tones), tones.recording]);
    const csv = join(tones.folder, "found/tones/events.csv");
    const before = await Deno.readTextFile(csv);
    const sound = await Deno.readFile(tones.recording);
    await Deno.writeTextFile(tones.recording, "no sound");
    assert.equal((await run([...base(tones), tones.recording])).code, 1);
    assert.equal(await Deno.readTextFile(csv), before);

    await Deno.writeFile(tones.recording, sound);
    await Deno.writeTextFile(csv, "mine");
    const refused = await run([...base(tones), "--threshold", "0.7", tones.recording]);
    assert.equal(refused.code, 1);
    assert.match(refused.err[0]!, /events\.csv was changed since it was written.*--force/);
    assert.equal(await Deno.readTextFile(csv), "mine");
    assert.equal((await run([...base(tones), "--threshold", "0.7", "--force", tones.recording])).code, 0);
    assert.notEqual(await Deno.readTextFile(csv), "mine");
  });
});

Deno.test("find searches several recordings, and keeps apart those of the same name", async () => {
  await withToneModel(async (tones) => {
    const path = (name: string) => join(tones.folder, name);
    await Deno.mkdir(path("b/c"), { recursive: true });
    await writeWav(path("b/tones.wav"), toneRecording(3, []), { sampleRate: 8000 });
    await writeWav(path("b/c/other.wav"), toneRecording(4, []), { sampleRate: 8000 });
    const args = [...base(tones), "--jobs", "2", "--json", tones.recording, path("b"), path("*.wav")];
    const { code, out, err } = await run(args);
    assert.equal(code, 0);
    assert.equal(out.length, 3);
    assert.deepEqual(
      out.map((line) => (JSON.parse(line) as { label: string }).label),
      ["low", "high", "low"],
    );
    assert.equal(err.length, 3, "each recording once");
    const folders = await list(path("found"));
    assert.equal(folders.length, 3);
    assert(folders.includes("other") && folders.includes("tones"));
    assert.match(folders.find((name) => !["other", "tones"].includes(name))!, /^tones-[0-9a-f]{8}$/);
    assert.equal((await run(args)).err.filter((line) => line.includes("searched before")).length, 3);
  });
});

Deno.test("find with --output - prints in the format asked for and writes nothing", async () => {
  await withToneModel(async (tones) => {
    const before = await list(tones.folder);
    const args = ["--model", tones.modelDir, "--output", "-"];
    const { code, out } = await run([...args, "--format", "vtt", tones.recording]);
    assert.equal(code, 0);
    assert.equal(out[0], "WEBVTT");
    assert.deepEqual(await list(tones.folder), before);
    for (const wrong of [["--clips"], ["--format", "html"], ["--format", "csv,vtt"]]) {
      assert.equal((await run([...args, ...wrong, tones.recording])).code, 2);
    }
  });
});

Deno.test("find with --template searches slice by slice", async () => {
  await withToneModel(async (tones) => {
    const template = join(tones.folder, "template.wav");
    await writeWav(template, new Float32Array(8000), { sampleRate: 8000 });
    const args = [...base(tones), "--event", "low", "--template", template];
    const { code, out } = await run([...args, "--slice-overlap", "8", "--consecutive", "8", tones.recording]);
    assert.equal(code, 0);
    const [onset, offset] = out[1]!.split(",").slice(1, 3).map(Number);
    assert(Math.abs(onset! - 2) < 0.2 && Math.abs(offset! - 3) < 0.2);
    assert.equal((await run([...args, "--consecutive", "9", tones.recording])).code, 2);
    assert.equal((await run([...args, "--pad", "1", tones.recording])).code, 2);
  });
});

Deno.test("find averages several models", async () => {
  await withToneModel(async (tones) => {
    const { code, out } = await run([...base(tones), "--model", tones.modelDir, tones.recording]);
    assert.equal(code, 0);
    assert.equal(out.length, 4);
  });
});

Deno.test("find says in one line why a model cannot be used", async () => {
  await withToneModel(async (tones) => {
    const manifest = join(tones.modelDir, "manifest.json");
    const text = await Deno.readTextFile(manifest);
    const cases: [() => Promise<void>, RegExp][] = [
      [
        () => Deno.writeTextFile(manifest, text.replace('"formatVersion": 2', '"formatVersion": 3')),
        /newer version/,
      ],
      [
        () =>
          Deno.writeTextFile(manifest, text.replace('"modelSha256": "', '"modelSha256": "00').slice(0, -4)),
        /JSON/,
      ],
      [() => Deno.writeTextFile(join(tones.modelDir, "model.onnx"), "other"), /sha256/],
      [() => Deno.remove(tones.modelDir, { recursive: true }), /no such folder/],
    ];
    for (const [spoil, message] of cases) {
      await spoil();
      const { code, out, err } = await run([...base(tones), tones.recording]);
      assert.deepEqual([code, out.length, err.length], [1, 0, 1]);
      assert.match(err[0]!, message);
      if (message.source !== "no such folder") await Deno.writeTextFile(manifest, text);
    }
  });
});

Deno.test("find names wrong usage and does nothing", async () => {
  await withToneModel(async (tones) => {
    const wrong = [
      ["--event", "bark", tones.recording],
      ["--url", "123456789", tones.recording, tones.recording.replace("tones", "*")],
      ["--threshold", "2", tones.recording],
      [],
    ];
    await writeWav(join(tones.folder, "second.wav"), toneRecording(1, []), { sampleRate: 8000 });
    for (const args of wrong) {
      const { code, out } = await run([...base(tones), ...args]);
      assert.deepEqual([code, out], [2, []]);
    }
    assert(!(await list(tones.folder)).includes("found"));
  });
});

Deno.test("find that is interrupted leaves whole files only, and goes on when it runs again", async () => {
  await withToneModel(async (tones) => {
    const second = join(tones.folder, "zz.wav");
    await writeWav(second, toneRecording(1, []), { sampleRate: 8000 });
    const found = join(tones.folder, "found");
    const args = [...base(tones), "--jobs", "1", "--clips", tones.recording, second];
    const { code } = await run(args, { interruptAt: "high" });
    assert.equal(code, 130);
    assert.deepEqual(await list(found), ["tones"], "the second recording was not begun");
    assert.deepEqual(await list(join(found, "tones")), ["clips", "events.csv", "scores.bin", "search.json"]);
    assert.equal((await run(args)).code, 0);
    assert.equal((await readSearchRecord(join(found, "tones")))?.finished, true);
    assert.equal((await list(join(found, "tones/clips"))).length, 3);
    assert.deepEqual(await list(found), ["tones", "zz"]);
  });
});

Deno.test("find --like needs no model and gives the places that sound most like a clip", async () => {
  await withToneModel(async (tones) => {
    const clip = join(tones.folder, "clip.wav");
    const onset = 2;
    await writeWav(
      clip,
      await readSamples(tones.recording, { sampleRate: 8000, start: onset, duration: 1 }),
      {
        sampleRate: 8000,
      },
    );
    const args = ["--output", join(tones.folder, "found"), "--model", "none", "--like", clip, "--top", "1"];
    args.push("--tracks", join(tones.folder, "tracks"));
    const { code, out } = await run([...args, "--event", "low", tones.recording]);
    assert.equal(code, 0);
    const [, row] = out.map((line) => line.split(","));
    assert(Math.abs(Number(row![1]) - onset) < 0.1);
    assert.equal(row![3], "low");
    assert.equal((await run([...args, "--threshold", "0.5", tones.recording])).code, 2);
  });
});

Deno.test({
  name: "find --clips cuts clips with picture from videos",
  ignore: !(await hasProgram("ffmpeg")),
  fn: async () => {
    await withToneModel(async (tones) => {
      const { path: ffmpeg } = await requireProgram("ffmpeg");
      const video = join(tones.folder, "video.mkv");
      const picture = ["-f", "lavfi", "-i", "color=size=64x64:rate=10:duration=20"];
      const codecs = ["-c:v", "mpeg4", "-c:a", "aac", "-shortest"];
      const sound = join(tones.folder, "sound.mkv");
      await runToEnd(ffmpeg, ["-v", "error", ...picture, "-i", tones.recording, ...codecs, video]);
      await runToEnd(ffmpeg, ["-v", "error", "-i", tones.recording, "-c:a", "aac", sound]);
      const { code, out, err } = await run([...base(tones), "--clips", "--event", "high", video, sound]);
      assert.equal(code, 0, err.join("\n"));
      assert.equal(out.length, 3);
      const [wav, mp4] = (await list(join(tones.folder, "found/video/clips"))).toSorted().toReversed();
      assert.equal(mp4, wav!.replace(/wav$/, "mp4"));
      const clip = await readSamples(join(tones.folder, "found/video/clips", mp4!), { sampleRate: 8000 });
      assert(clip.length / 8000 > 2, "half a second of sound and a second on both sides");
      const alone = await list(join(tones.folder, "found/sound/clips"));
      assert.deepEqual(alone.map((name) => name.slice(-4)), [".wav"]);
      assert(err.some((line) => /no picture/.test(line)));
    });
  },
});
