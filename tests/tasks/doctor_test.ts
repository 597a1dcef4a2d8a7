import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { runCommand } from "tasks/command.ts";
import { doctor } from "tasks/doctor.ts";
import { createTestHost } from "tests/tasks/task_host.ts";

const random = createRandom(21);

/** A note with a pitch of its own in noise. */
function makeClip(seconds = 0.6): Float32Array {
  const [frequency, glide] = [random.uniform(200, 3000), random.uniform(-800, 800)];
  const level = random.uniform(0.05, 0.3);
  return Float32Array.from({ length: Math.round(seconds * 16_000) }, (_, n) => {
    const t = n / 16_000;
    return level * Math.sin(2 * Math.PI * (frequency + glide * t) * t) * Math.sin(Math.PI * t / seconds) +
      0.002 * random.normal();
  });
}

async function withClips(
  check: (set: {
    readonly root: string;
    readonly write: (name: string, samples?: Float32Array, sampleRate?: number) => Promise<void>;
    readonly run: (...args: string[]) => Promise<{ code: number; out: string; err: string }>;
  }) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    for (const name of ["burp-audio", "not-burp-audio"]) await Deno.mkdir(join(root, name));
    await check({
      root,
      write: (name, samples = makeClip(random.uniform(0.5, 1)), sampleRate = 16_000) =>
        writeWav(join(root, name), samples, { sampleRate }),
      run: async (...args) => {
        const folders = [
          "--positives",
          join(root, "burp-audio"),
          "--negatives",
          join(root, "not-burp-audio"),
        ];
        const { host, written } = createTestHost([
          ...folders,
          "--ledger",
          join(root, "labels.jsonl"),
          ...args,
        ], ["doctor"]);
        return { code: await runCommand(doctor, host), ...written };
      },
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("doctor is content with a sound set", () =>
  withClips(async ({ write, run }) => {
    for (let i = 0; i < 35; i++) {
      await write(`burp-audio/rec${i % 7}x_${i}.wav`);
      await write(`not-burp-audio/rec${i % 7}x_${i}.wav`);
    }
    const { code, out } = await run();
    assert.equal(code, 0);
    assert.match(out, /70 clips examined; errors: 0, warnings: 0/);
    assert.match(out, /35 of burp from 7 recordings/);
    assert.match(out, /leak: validation figure .* with clips split at random, .* with whole recordings/);
  }));

Deno.test("doctor finds what was planted, names the clips, and ends with 1", () =>
  withClips(async ({ root, write, run }) => {
    for (let i = 0; i < 12; i++) {
      await write(`burp-audio/p${i}x.wav`);
      await write(`not-burp-audio/n${i}x.wav`, makeClip(2.5));
    }
    const both = makeClip();
    await write("burp-audio/both.wav", both);
    await write("not-burp-audio/softer.wav", both.map((sample) => sample / 4));
    const copy = makeClip();
    await write("burp-audio/copyA.wav", copy);
    await write("burp-audio/copyB.wav", copy);
    await write("burp-audio/silent.wav", new Float32Array(8000));
    await write("burp-audio/slow.wav", makeClip().slice(0, 4000), 8000);
    await write("burp-audio/flat.wav", makeClip().map((sample) => Math.max(-0.1, Math.min(0.1, 4 * sample))));
    await Deno.writeTextFile(join(root, "burp-audio/broken.wav"), "text");
    const { code, out } = await run("--template", join(root, "not-burp-audio/n0x.wav"));
    assert.equal(code, 1);
    assert.match(
      out,
      /error +duplicates: the same sound is in burp and negatives.*\n.*both\.wav\n.*softer\.wav/,
    );
    assert.match(
      out,
      /warning +duplicates: the same sound counts as several recordings.*\n.*copyA\.wav\n.*copyB\.wav/,
    );
    assert.match(out, /warning +silence: 1 clip silent.*\n.*silent\.wav/);
    assert.match(out, /warning +clipping: 1 clip cut off.*\n.*flat\.wav/);
    assert.match(out, /warning +sample rate: mixed: .*8000 Hz/);
    assert.match(out, /warning +template: 1 clip without the template's sample rate/);
    assert.match(out, /warning +template: 19 clips not as long as the template \(2\.50 s\)/);
    assert.match(
      out,
      /warning +shortcuts: length alone tells burp from the rest \(AUC 0\.9.*: that is to be expected where/,
    );
    assert.match(out, /warning +reading: .*broken\.wav: this is text/);
    assert.match(out, /and 14 more \(--all names them\)/);
    const json = JSON.parse((await run("--json")).out);
    assert.deepEqual([json.clips, json.errors], [31, 1]);
    assert.ok(json.shortcuts.burp[0].auc > 0.9 && json.leaks.burp.random.mean > 0);
  }));

Deno.test("doctor reports a ledger that contradicts itself or the folders", () =>
  withClips(async ({ root, write, run }) => {
    for (let i = 0; i < 8; i++) {
      await write(`burp-audio/p${i}x.wav`);
      await write(`not-burp-audio/n${i}x.wav`);
    }
    const ledger = openLedger(join(root, "labels.jsonl"));
    const source = { kind: "person" } as const;
    const [first] = await ledger.append([
      { recording: "r", onset: 1, offset: 2, label: "burp", source },
      { recording: "r", onset: 1.1, offset: 2, label: "not-burp", source },
      { recording: "s", onset: 0, offset: 1, label: "not-burp", source, clip: "burp-audio/p1x.wav" },
      { recording: "s", onset: 5, offset: 6, label: "burp", source, clip: "burp-audio/p2x.wav" },
    ]);
    await Deno.writeTextFile(ledger.path, '{"id":"cut', { append: true });
    const { code, out } = await run();
    assert.equal(code, 1);
    assert.match(
      out,
      new RegExp(`r: burp at 1\\.00 s \\(person\\) and not-burp at 1\\.10 s .*--id ${first!.id}`),
    );
    assert.match(out, /1 clip in the folder of another class than the ledger says.*\n.*p1x\.wav\n/);
    assert.match(out, /warning +ledger: line 5 of .* was cut short by a crash/);
    await Deno.writeTextFile(ledger.path, "\nnonsense\n", { append: true });
    assert.match((await run()).out, /error +ledger: .*line 6: no JSON/);
  }));

Deno.test("doctor sums up hundreds of sounds that are there twice, a line for each of a few", () =>
  withClips(async ({ write, run }) => {
    for (let i = 0; i < 12; i++) {
      const sound = makeClip();
      await write(`burp-audio/recording${i}a.wav`, sound);
      await write(`burp-audio/other${i}b.wav`, sound);
      const both = makeClip();
      await write(`burp-audio/p${i}c.wav`, both);
      await write(`not-burp-audio/n${i}d.wav`, both);
    }
    const { code, out } = await run();
    assert.equal(code, 1);
    const lines = out.split("\n");
    assert.equal(lines.filter((line) => line.includes("duplicates:")).length, 2);
    assert.match(out, /error +duplicates: 12 sounds are in burp and negatives: take them out of one\n/);
    assert.match(out, /warning +duplicates: the same sound counts as several recordings, 12 times/);
    assert.equal(lines.filter((line) => / = /.test(line)).length, 10);
    assert.equal(lines.filter((line) => /and 7 more \(--all names them\)/.test(line)).length, 2);
    assert.equal((await run("--all")).out.split("\n").filter((line) => / = /.test(line)).length, 24);
  }));

Deno.test("doctor is not kept from saying yes by what a person was not sure of, or passed", () =>
  withClips(async ({ root, write, run }) => {
    for (let i = 0; i < 8; i++) {
      await write(`burp-audio/rec${i % 7}x_${i}.wav`);
      await write(`not-burp-audio/rec${i % 7}x_${i}.wav`);
    }
    const source = { kind: "person" } as const;
    await openLedger(join(root, "labels.jsonl")).append([
      { recording: "r", onset: 1, offset: 2, label: "burp", source },
      { recording: "r", onset: 1, offset: 2, label: "unsure", source },
      { recording: "r", onset: 1, offset: 2, label: "skip", source },
      { recording: "s", onset: 0, offset: 1, label: "unsure", source, clip: "burp-audio/rec1x_1.wav" },
      { recording: "s", onset: 5, offset: 6, label: "skip", source, clip: "not-burp-audio/rec2x_2.wav" },
    ]);
    const { code, out } = await run();
    assert.equal(code, 0, out);
    assert.match(out, /errors: 0/);
    assert.match(out, /note +labels: 2 clips in these folders that a person was not sure of, or passed/);
  }));

Deno.test("doctor takes clips that find cut out of one recording for one recording", () =>
  withClips(async ({ write, run }) => {
    for (let i = 0; i < 12; i++) {
      await write(`burp-audio/rec${i % 7}x_${i}.wav`);
      await write(`not-burp-audio/base_${(i * 7.59).toFixed(3).padStart(9, "0")}_burp.wav`);
    }
    const { out } = await run();
    assert.match(out, /12 of negatives from 1 recording\n/);
    assert.match(out, /negatives come from 1 recording only/);
  }));

Deno.test("doctor and train refuse a folder that stands for both classes, also by way of a link", () =>
  withClips(async ({ root, write, run }) => {
    await write("burp-audio/a.wav");
    const link = join(root, "link");
    await Deno.symlink("burp-audio", link);
    await Deno.mkdir(join(root, "burp-audio", "quiet"));
    for (const negatives of ["burp-audio", "link", "burp-audio/quiet", "."]) {
      const { code, err } = await run("--negatives", join(root, negatives));
      assert.equal(code, 2, negatives);
      assert.match(err, /(is named|are named) as clips of burp and as negatives: one of the two is wrong/);
    }
  }));
