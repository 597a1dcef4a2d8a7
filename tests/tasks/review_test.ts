import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { runCommand } from "tasks/command.ts";
import { review } from "tasks/review.ts";
import { hasNativeTensorFlow } from "tests/requirements.ts";
import { createTestHost } from "tests/tasks/task_host.ts";

async function run(...args: string[]) {
  const { host, written } = createTestHost(args, ["review"]);
  return { code: await runCommand(review, host), ...written };
}

/** Beeps and hisses in two folders, the last of each in the wrong one. */
async function withClips(
  check: (folder: string, ledger: string) => Promise<void>,
  nameOf = (label: string, i: number) => `${label}-${"abcdefghij"[i]}`,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const folder = join(root, "clips");
  const random = createRandom("review");
  try {
    for (const label of ["beep", "not-beep"]) {
      await Deno.mkdir(join(folder, `${label}-audio`), { recursive: true });
      for (let i = 0; i < 10; i++) {
        const isBeep = (label === "beep") !== (i === 9);
        const frequency = 800 + 40 * i;
        const samples = Float32Array.from(
          { length: 8000 },
          (_, n) => isBeep ? 0.3 * Math.sin(2 * Math.PI * frequency * n / 16_000) : 0.1 * random.normal(),
        );
        await writeWav(join(folder, `${label}-audio`, `${nameOf(label, i)}.wav`), samples, {
          sampleRate: 16_000,
        });
      }
    }
    await check(folder, join(root, "labels.jsonl"));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test({
  name: "review lists the clips in the wrong folder first, and writes a page to listen to",
  ignore: !(await hasNativeTensorFlow()),
  fn: () =>
    withClips(async (folder, ledger) => {
      const name = `test-${crypto.randomUUID()}`;
      const reports = join("data/reports", name);
      try {
        const folders = [
          "--positives",
          join(folder, "beep-audio"),
          "--negatives",
          join(folder, "not-beep-audio"),
        ];
        const { out, err, code } = await run(
          ...[
            "--event",
            "beep",
            ...folders,
            "--ledger",
            ledger,
            "--run",
            name,
            "--top",
            "4",
            "--engine",
            "native",
            "--base",
            "models/base",
          ],
        );
        assert.equal(code, 0, err);
        const lines = out.trim().split("\n");
        assert.equal(lines.length, 4);
        const first = lines.slice(0, 2).join("\n");
        assert.match(first, /beep, or rather not-beep\? .*[/\\]beep-j\.wav/);
        assert.match(first, /not-beep, or rather beep\? .*not-beep-j\.wav/);
        const csv = await Deno.readTextFile(join(reports, "suspects.csv"));
        assert.equal(csv.trim().split("\n").length, 21);
        assert.match(csv, /^rank,clip,label,suggestion,score,doubt,nearest,nearest_label,likeness\n1,/);
        const page = await Deno.readTextFile(join(reports, "suspects.html"));
        assert.equal(page.match(/<section data-clip/g)?.length, 4);
        assert.match(page, /3 that sound alike/);
      } finally {
        await Deno.remove(reports, { recursive: true }).catch(() => {});
      }
    }),
});

Deno.test({
  name: "review deals few recordings out to fewer parts, and says so; with one it says what is missing",
  ignore: !(await hasNativeTensorFlow()),
  fn: async () => {
    const name = `test-${crypto.randomUUID()}`;
    for (const recordings of ["abc", "a"]) {
      const nameOf = (_: string, i: number) => `${recordings[i % recordings.length]}-${i}`;
      await withClips(async (folder, ledger) => {
        const { code, err } = await run(
          ...["--event", "beep", "--positives", join(folder, "beep-audio"), "--ledger", ledger],
          ...["--negatives", join(folder, "not-beep-audio"), "--run", name, "--engine", "native"],
        );
        await Deno.remove(join("data/reports", name), { recursive: true }).catch(() => {});
        if (recordings === "a") {
          assert.equal(code, 1, err);
          return assert.match(err, /all clips of beep come from one recording \(a\); add clips of another/);
        }
        assert.equal(code, 0, err);
        assert.match(err, /3 parts instead of 5: the clips come from 3 recordings/);
        assert.match(err, /all but one of 3 parts/);
      }, nameOf);
    }
  },
});

Deno.test("review --relabel writes into the ledger and moves the clip", () =>
  withClips(async (folder, ledger) => {
    const clip = join(folder, "beep-audio", "beep-j.wav");
    const { out, err, code } = await run(
      ...["--relabel", "not-beep", clip, "--clips", folder, "--ledger", ledger, "--by", "ann"],
    );
    assert.equal(code, 0, err);
    assert.equal(out, "relabelled 1 of 1 clips as not-beep\n");
    assert.match(err, /take it back with: deno task label undo/);
    assert.ok((await Deno.stat(join(folder, "not-beep-audio", "beep-j.wav"))).isFile);
    const [entry] = await openLedger(ledger).current();
    assert.deepEqual([entry!.label, entry!.source.name], ["not-beep", "ann"]);
  }));

Deno.test("review says what is missing", async () => {
  assert.match((await run("--relabel", "burp")).err, /CLIP is missing/);
  assert.equal((await run("a.wav")).code, 2);
  assert.match((await run("--event", "nothing-like-it")).err, /no clips of nothing-like-it/);
});
