import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { relabelClips } from "lib/learning/dataset/relabel_clips.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { label } from "tasks/label.ts";
import { createTestHost } from "tests/tasks/task_host.ts";

/** A project's data folder, and `label` run on it. */
async function withProject(
  check: (project: {
    readonly data: string;
    readonly run: (...args: string[]) => Promise<{ code: number; out: string; err: string }>;
    readonly labels: () => Promise<string[]>;
    readonly write: (name: string, seconds?: number) => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const data = join(root, "data");
  const ledgerPath = join(data, "labels.jsonl");
  const random = createRandom(5);
  try {
    await check({
      data,
      run: async (part, ...args) => {
        const folders = part === "import"
          ? ["--clips", join(data, "clips"), "--found", join(data, "found")]
          : part === "queue"
          ? ["--found", join(data, "found"), "--vods", join(data, "vods")]
          : part === "export"
          ? ["--vods", join(data, "vods")]
          : [];
        const { host, written } = createTestHost([part!, ...args, "--ledger", ledgerPath, ...folders], [
          "label",
        ]);
        return { code: await label(host), ...written };
      },
      labels: async () =>
        (await openLedger(ledgerPath).current()).map((entry) =>
          [entry.label, entry.recording, entry.onset, entry.clip].filter((part) => part !== undefined).join(
            " ",
          )
        ),
      write: async (name, seconds = 0.5) => {
        const path = join(data, name);
        await Deno.mkdir(join(path, ".."), { recursive: true });
        const samples = Float32Array.from({ length: seconds * 16_000 }, () => random.uniform(-0.5, 0.5));
        await writeWav(path, samples, { sampleRate: 16_000 });
      },
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

Deno.test("label names its parts, and takes what is nearly one for a slip", async () => {
  const help = createTestHost(["--help"], ["label"]);
  assert.equal(await label(help.host), 0);
  assert.match(help.written.out, /import.*\n.*export.*\n.*undo/);
  const typo = createTestHost(["imprt"], ["label"]);
  assert.equal(await label(typo.host), 2);
  assert.match(typo.written.err, /knows no "imprt".*import/);
  const nowhere = createTestHost(["no-such-recording.mkv"], ["label"]);
  assert.equal(await label(nowhere.host), 1);
  assert.match(nowhere.written.err, /no-such-recording\.mkv: there is no such recording/);
});

Deno.test("label prints the address of the page and listens until it is interrupted", async () => {
  const clips = await Deno.makeTempDir();
  await Deno.mkdir(join(clips, "burp-audio"));
  await Deno.writeTextFile(join(clips, "burp-audio", "copied.wav"), "");
  const ledger = join(clips, "labels.jsonl");
  const person = { kind: "person", name: "ann" } as const;
  await openLedger(ledger).append(["burp", "not-burp", "unsure", "cough"].map((label, onset) => ({
    recording: "a.wav",
    onset,
    offset: onset + 0.5,
    label,
    source: person,
  })));
  const { host, written } = createTestHost(
    ["--no-open", "--clip-folder", clips, "--ledger", ledger],
    ["label"],
  );
  let interrupt = () => {};
  let printed = (_address: string) => {};
  const address = new Promise<string>((resolve) => printed = resolve);
  const running = label({
    ...host,
    onInterrupt: (listener) => (interrupt = listener, () => {}),
    write: (text) => (printed(text.trim()), true),
  });
  const response = await fetch(await address);
  assert.match(await response.text(), /<html/);
  interrupt();
  assert.equal(await running, 130, written.err);
  assert.match(
    written.err,
    /1 clip in .*burp-audio is not in the ledger, .*: `deno task label import` enters them/,
  );
  // Of what the page asks about, and without what says nothing of it.
  assert.match(written.err, /2 answers since the last training: deno task train learns from them/);
  await Deno.remove(clips, { recursive: true });
});

Deno.test("label import reads clip folders, twice without adding anything, and undo takes it back", () =>
  withProject(async ({ data, run, labels, write }) => {
    await write("clips/burp-audio/1746376348_12.wav");
    await write("clips/not-burp-audio/quiet.wav", 1);
    await Deno.writeTextFile(join(data, "clips/burp-audio/broken.wav"), "no sound");
    const first = await run("import");
    assert.equal(first.code, 1, "one file could not be read");
    assert.match(first.err, /broken\.wav: this is text/);
    assert.match(first.out, /added 2 labels \(0 of them corrections\), 0 were known/);
    assert.deepEqual(await labels(), [
      "burp clips/burp-audio/1746376348_12.wav 0 clips/burp-audio/1746376348_12.wav",
      "not-burp clips/not-burp-audio/quiet.wav 0 clips/not-burp-audio/quiet.wav",
    ]);
    const again = await run("import");
    assert.match(again.out, /added 0 labels.* 2 were known/);
    assert.doesNotMatch(again.err, /nothing to import/);
    const id = /--import (\w+)/.exec(first.err)?.[1];
    assert.match((await run("undo", "--import", id!)).out, /took back not-burp .*\n.*took back burp/);
    assert.deepEqual(await labels(), []);
  }));

Deno.test("label import says where it looked when there is nothing", () =>
  withProject(async ({ run }) => {
    const { code, err } = await run("import");
    assert.equal(code, 0);
    assert.match(
      err,
      /nothing to import: put clips into .*clips\/burp-audio and not-burp-audio, or sort found clips/,
    );
  }));

Deno.test("label import takes a clip that a person moved to the other folder for a correction", () =>
  withProject(async ({ data, run, labels, write }) => {
    await write("clips/burp-audio/a.wav");
    const ledger = openLedger(join(data, "labels.jsonl"));
    const chat = { kind: "chat", command: "!burp" } as const;
    const clip = "clips/burp-audio/a.wav";
    await ledger.append([{
      recording: "1746376348",
      onset: 7,
      offset: 8,
      label: "burp",
      source: chat,
      clip,
    }]);
    await Deno.mkdir(join(data, "clips/not-burp-audio"));
    await Deno.rename(join(data, clip), join(data, "clips/not-burp-audio/a.wav"));
    assert.match((await run("import")).out, /added 1 label \(1 of them corrections\)/);
    assert.deepEqual(await labels(), ["not-burp 1746376348 7 clips/not-burp-audio/a.wav"]);
    assert.match((await run("import")).out, /added 0 labels.* 1 were known, 0 conflicts/);
  }));

Deno.test("label import moves found clips that were sorted, with where and when they were heard", () =>
  withProject(async ({ data, run, labels, write }) => {
    const found = "recording,onset,offset,label,score,clip,url\n" +
      "vods/a.mkv,12.5,13,burp,0.91,data/found/a/clips/a_12.wav,\n" +
      "vods/a.mkv,40,41,burp,0.6,data/found/a/clips/a_40.wav,\n";
    for (const name of ["burps/a_12.wav", "not-burps/a_40.wav", "clips/a_77.wav"]) {
      await write(`found/a/${name}`);
    }
    await Deno.writeTextFile(join(data, "found/a/events.csv"), found);
    const { code, out, err } = await run("import", "--by", "ann");
    assert.equal(code, 0, err);
    assert.match(out, /added 2 labels/);
    assert.deepEqual(await labels(), [
      "burp vods/a.mkv 12.5 clips/burp-audio/a_12.wav",
      "not-burp vods/a.mkv 40 clips/not-burp-audio/a_40.wav",
    ]);
    assert.ok(await exists(join(data, "clips/burp-audio/a_12.wav")));
    assert.ok(!await exists(join(data, "found/a/burps/a_12.wav")));
    assert.ok(await exists(join(data, "found/a/clips/a_77.wav")), "what was not sorted stays");
    const [entry] = await openLedger(join(data, "labels.jsonl")).current();
    assert.deepEqual([entry?.source.kind, entry?.source.name], ["person", "ann"]);
    assert.equal(entry?.provenance?.["score"], 0.91);
    assert.match((await run("import")).out, /added 0 labels.* 0 conflicts/);
  }));

Deno.test("label import goes on where an earlier one was cut off before the found clips were gone", () =>
  withProject(async ({ data, run, labels, write }) => {
    await write("found/burps/b.wav");
    await Deno.mkdir(join(data, "clips/burp-audio"), { recursive: true });
    await Deno.copyFile(join(data, "found/burps/b.wav"), join(data, "clips/burp-audio/b.wav"));
    await run("import");
    assert.equal((await labels()).length, 1);
    await Deno.mkdir(join(data, "found/burps"), { recursive: true });
    await Deno.copyFile(join(data, "clips/burp-audio/b.wav"), join(data, "found/burps/b.wav"));
    await run("import");
    assert.equal((await labels()).length, 1);
    assert.ok(!await exists(join(data, "found/burps/b.wav")));
  }));

Deno.test("label import reports conflicts, leaves the files alone, and settles them only when told", () =>
  withProject(async ({ data, run, labels, write }) => {
    await write("clips/burp-audio/a.wav");
    await Deno.mkdir(join(data, "clips/not-burp-audio"));
    await Deno.copyFile(join(data, "clips/burp-audio/a.wav"), join(data, "clips/not-burp-audio/a.wav"));
    const both = await run("import");
    assert.equal(both.code, 1);
    assert.match(both.err, /conflict: not-burp for clips\/not-burp-audio\/a\.wav/);
    assert.deepEqual(await labels(), []);
    assert.ok(await exists(join(data, "clips/burp-audio/a.wav")));

    await Deno.remove(join(data, "clips"), { recursive: true });
    await write("clips/not-burp-audio/x.wav");
    await write("found/not-burps/x.wav", 0.7);
    assert.match((await run("import")).err, /x\.wav is another clip of the same name/);
    assert.ok(await exists(join(data, "found/not-burps/x.wav")));
    const ledger = openLedger(join(data, "labels.jsonl"));
    const csv = join(data, "person.csv");
    await Deno.writeTextFile(csv, "recording,onset,offset,label\nr,1,2,burp\n");
    await run("import", csv, "--by", "ann");
    await Deno.writeTextFile(csv, "recording,onset,offset,label\nr,1,2,not-burp\n");
    const second = await run("import", csv, "--by", "bob");
    assert.equal(second.code, 1);
    assert.match(second.err, /but person \(label \w+\) says burp/);
    assert.match((await run("import", csv, "--by", "bob", "--correct")).out, /added 1 label \(1 of them/);
    const labelOfR = (await ledger.current()).filter((entry) => entry.recording === "r").map(({ label }) =>
      label
    );
    assert.deepEqual(labelOfR, ["not-burp"]);
  }));

Deno.test("label import reads label tracks, CSV and segments.txt; export writes them", () =>
  withProject(async ({ data, run, labels, write }) => {
    await write("vods/show.wav", 10);
    await Deno.writeTextFile(join(data, "vods/show.txt"), "1.000000\t2.000000\tburp\n4.5\t5\n");
    assert.equal((await run("import", join(data, "vods/show.txt"), "--recording", "show")).code, 0);
    assert.deepEqual(await labels(), ["burp show 1", "burp show 4.5"]);
    assert.equal(
      (await run("export", "--format", "audacity")).out,
      "1.000000\t2.000000\tburp\n4.500000\t5.000000\tburp\n",
    );
    assert.equal((await run("export", "--format", "segments")).out, "[show] burp\n0 1 2 4.5 5\n");
    assert.match(
      (await run("export")).out,
      /^recording,onset,offset,label,score,clip,url\nshow,1,2,burp,,,\n/,
    );

    const segments = join(data, "vods/segments.txt");
    await Deno.writeTextFile(segments, "[show]\n6 7.5\n");
    const unclear = await run("import", segments, "--event", "ad");
    assert.equal(unclear.code, 1);
    assert.match(unclear.err, /segments\.txt: .*--begins-with/);
    assert.equal((await run("import", segments, "--event", "ad", "--begins-with", "not-event")).code, 0);
    assert.deepEqual((await labels()).slice(2), ["not-ad show 0", "ad show 6", "not-ad show 7.5"]);
    const { out } = await run("export", "--event", "ad", "--json");
    assert.match(out, /show,7\.5,10,not-ad/);
    const file = join(data, "labels.csv");
    assert.equal((await run("export", "-o", file)).code, 0);
    assert.equal((await run("export", "-o", file)).code, 1, "an existing file needs --force");
  }));

Deno.test("label export brings the clip folders in line with the labels", () =>
  withProject(async ({ data, run, labels, write }) => {
    await write("vods/1746376348.wav", 5);
    await write("clips/burp-audio/a.wav");
    const ledger = openLedger(join(data, "labels.jsonl"));
    const source = { kind: "person" } as const;
    const recording = "1746376348";
    await ledger.append([
      { recording, onset: 1, offset: 2, label: "not-burp", source, clip: "clips/burp-audio/a.wav" },
      { recording, onset: 3, offset: 4.5, label: "burp", source },
      { recording: "gone", onset: 3, offset: 4.5, label: "burp", source },
      { recording, onset: 2, offset: 3, label: "unsure", source },
    ]);
    const output = join(data, "clips");
    const { code, out, err } = await run("export", "--format", "clips", "-o", output);
    assert.equal(code, 1, "one recording is not there");
    assert.match(out, /1 moved, 1 cut, 1 failed/);
    assert.match(err, /gone_.*neither its clip nor its recording/);
    assert.ok(await exists(join(output, "not-burp-audio/a.wav")));
    assert.ok(await exists(join(output, "burp-audio/1746376348_00003.000.wav")));
    assert.deepEqual((await labels()).slice(-2), [
      "not-burp 1746376348 1 clips/not-burp-audio/a.wav",
      "burp 1746376348 3 clips/burp-audio/1746376348_00003.000.wav",
    ]);
    assert.match((await run("export", "--format", "clips", "-o", output)).out, /1 failed, 2 kept/);
    assert.match((await run("import")).out, /added 0 labels .* 2 were known, 0 conflicts/);
  }));

Deno.test("label queue names the undecided clips to listen to next", () =>
  withProject(async ({ data, run, write }) => {
    const ledger = openLedger(join(data, "labels.jsonl"));
    for (const [index, score] of [0.9, 0.55, 0.1].entries()) {
      await write(`clips/burp-candidates/${index}.wav`);
      await ledger.append([{
        recording: "1746376348",
        onset: index,
        offset: index + 1,
        label: "unsure",
        source: { kind: "chat" },
        clip: `clips/burp-candidates/${index}.wav`,
        provenance: { event: "burp", modelScore: score },
      }]);
    }
    const { code, out } = await run("queue", "--model", "none", "--count", "2");
    assert.equal(code, 0);
    const lines = out.trim().split("\n");
    assert.equal(lines.length, 2);
    assert.match(lines[0]!, /burp-candidates.1\.wav +worth .*scores 0\.55/);
    const nothing = await run("queue", "--event", "cough", "--model", "none");
    assert.deepEqual([nothing.code, nothing.out], [0, ""]);
    assert.match(nothing.err, /no undecided clips of cough/);
    assert.equal((await run("queue", "--model", "none", "--model", "x")).code, 2);
  }));

Deno.test("label undo brings a clip that a correction had moved back to where it was, and there again", () =>
  withProject(async ({ data, run, labels, write }) => {
    const path = join(data, "clips/burp-audio/1746376348_1.wav");
    await write("clips/burp-audio/1746376348_1.wav");
    assert.equal((await run("import")).code, 0);
    const ledger = openLedger(join(data, "labels.jsonl"));
    const change = { path, label: "not-burp" };
    await relabelClips(ledger, [change], { by: "ann", command: "test", clipsRoot: join(data, "clips") });
    const moved = join(data, "clips/not-burp-audio/1746376348_1.wav");
    assert.deepEqual([await exists(path), await exists(moved)], [false, true]);
    const corrected = await labels();
    const { code, out, err } = await run("undo", "--last", "1", "--from", "person");
    assert.equal(code, 0);
    assert.match(out, /took back not-burp/);
    assert.match(err, /moved .*not-burp-audio.* back to .*burp-audio/);
    assert.deepEqual([await exists(path), await exists(moved)], [true, false]);
    assert.match((await labels()).join(), /^burp .*burp-audio/);
    const { undos } = await ledger.entries();
    assert.equal((await run("undo", ...undos.flatMap(({ id }) => ["--id", id]))).code, 0);
    assert.deepEqual([await exists(path), await exists(moved)], [false, true]);
    assert.deepEqual(await labels(), corrected);
  }));
