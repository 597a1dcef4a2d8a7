import assert from "node:assert/strict";
import { join } from "node:path";
import { pairNamedFiles } from "lib/learning/evaluate/event_files.ts";
import { runCommand } from "tasks/command.ts";
import { evaluate } from "tasks/evaluate.ts";
import { find } from "tasks/find.ts";
import { tune } from "tasks/tune.ts";
import { type ToneFolder, withToneModel } from "tests/learning/detect/with_tone_model.ts";
import { createTestHost } from "tests/tasks/task_host.ts";

const ANNOTATIONS = "onset,offset,label\n2,3,low\n19.5,20,low\n";

/** A folder with a recording and what lies beside recordings, and what a shell makes of `*` in it. */
async function withFolder(
  files: Readonly<Record<string, string>>,
  check: (tones: ToneFolder & { readonly named: readonly string[] }) => Promise<void>,
): Promise<void> {
  await withToneModel(async (tones) => {
    const folder = join(tones.folder, "d");
    await Deno.mkdir(folder);
    await Deno.rename(tones.recording, join(folder, "tones.wav"));
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(join(folder, name), text);
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    await check({ ...tones, named: names.sort().map((name) => join(folder, name)) });
  });
}

Deno.test("find d/* passes what lies beside recordings over, says so, and keeps the recording's name", async () => {
  const files = {
    "tones.csv": ANNOTATIONS,
    "tones.txt": "2\t3\tlow\n",
    "README.md": "#",
    "LICENSE": "as you like",
    "chat.json": "{}",
    "tones.png": "",
  };
  await withFolder(files, async ({ folder, modelDir, named }) => {
    await Deno.mkdir(join(folder, "d", "annotations"));
    const { host, written } = createTestHost([
      "--model",
      modelDir,
      "--output",
      join(folder, "found"),
      ...named,
      join(folder, "d", "annotations"),
    ], ["find"]);
    assert.equal(await runCommand(find, host), 0, written.err);
    assert.match(
      written.err,
      /6 files passed over, since they are no recordings: .*LICENSE, .*README\.md, .*chat\.json/,
    );
    assert.equal(written.out.trimEnd().split("\n").length, 4);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(join(folder, "found")), ({ name }) => name), [
      "tones",
    ]);
  });
  await withFolder({ "tones.csv": ANNOTATIONS }, async ({ folder, modelDir, named }) => {
    const { host, written } = createTestHost([
      "--model",
      modelDir,
      "--output",
      join(folder, "found"),
      named[0]!,
    ], ["find"]);
    assert.equal(await runCommand(find, host), 1, "a table alone is no recording");
    assert.match(written.err, /tones\.csv/);
  });
});

Deno.test("tune and evaluate take annotations that are named with their recording", async () => {
  for (const name of ["tones.csv", "truth.csv"]) {
    await withFolder(
      { [name]: ANNOTATIONS, "notes.md": "", "LICENSE": "as you like" },
      async ({ modelDir, named }) => {
        const tuning = createTestHost(
          ["--model", modelDir, "--event", "low", "--dry-run", "--json", ...named],
          ["tune"],
        );
        assert.equal(await runCommand(tune, tuning.host), 0, tuning.written.err);
        assert.match(tuning.written.out, /tones\.wav \(2 events/);
        assert.match(tuning.written.err, /LICENSE: passed over[^]*notes\.md: passed over/);
        const job = ["--model", modelDir, "--event", "low", "--run", crypto.randomUUID(), "--json", ...named];
        const evaluation = createTestHost(job, ["evaluate"]);
        try {
          assert.equal(await runCommand(evaluate, evaluation.host), 0, evaluation.written.err);
        } finally {
          await Deno.remove(join("data/reports", job[5]!), { recursive: true });
        }
      },
    );
  }
});

Deno.test("recordings of one name in several folders keep the annotations that lie beside each", async () => {
  const paths = ["a/rec.wav", "a/rec.csv", "b/rec.wav", "b/rec.csv"];
  const unused: string[] = [];
  assert.deepEqual(await pairNamedFiles(paths, (path) => unused.push(path)), [
    { recording: "a/rec.wav", annotations: "a/rec.csv" },
    { recording: "b/rec.wav", annotations: "b/rec.csv" },
  ]);
  assert.deepEqual(unused, []);
  // From folders of their own, by order.
  assert.deepEqual(await pairNamedFiles(["a/rec.wav", "b/rec.wav", "x/rec.csv", "y/rec.csv"], () => {}), [
    { recording: "a/rec.wav", annotations: "x/rec.csv" },
    { recording: "b/rec.wav", annotations: "y/rec.csv" },
  ]);
});

Deno.test("tune takes from a table about several recordings what is about the one", async () => {
  const table =
    "recording,onset,offset,label\nother.wav,5,6,low\ntones.flac,2,3,low\ntones.flac,19.5,20,low\n";
  await withFolder({ "truth.csv": table }, async ({ modelDir, named }) => {
    const { host, written } = createTestHost(
      ["--model", modelDir, "--event", "low", "--dry-run", "--json", ...named],
      ["tune"],
    );
    assert.equal(await runCommand(tune, host), 0, written.err);
    assert.match(written.out, /tones\.wav \(2 events/);
  });
});
