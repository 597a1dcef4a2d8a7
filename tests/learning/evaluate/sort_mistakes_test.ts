import assert from "node:assert/strict";
import { join } from "node:path";
import { readLabelledClips } from "lib/learning/evaluate/labelled_clips.ts";
import { findMistakes, sortMistakes } from "lib/learning/evaluate/sort_mistakes.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";

async function withFiles(names: readonly string[], run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [index, name] of names.entries()) {
      await Deno.mkdir(join(folder, name, ".."), { recursive: true });
      // Different sounds, so that one name with two contents can be told from two copies.
      const samples = Float32Array.from({ length: 4000 }, (_, n) => 0.1 * Math.sin(n * (index + 1) / 50));
      await writeWav(join(folder, name), samples, { sampleRate: 16_000 });
    }
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const names = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();

Deno.test("findMistakes() lists what is on the wrong side of the threshold, the worst first", () => {
  const clips = [{ path: "a", event: "x" }, { path: "b" }, { path: "c" }, { path: "d", event: "x" }];
  assert.deepEqual(findMistakes(clips, [0.4, 0.9, 0.2, 0.5], 0.5).map(({ path, kind }) => [path, kind]), [
    ["b", "false-positives"],
    ["a", "false-negatives"],
  ]);
});

Deno.test("sortMistakes() copies or moves into two folders and overwrites nothing", () =>
  withFiles(["p/a.wav", "q/a.wav", "q/b.wav"], async (folder) => {
    const mistake = (name: string, kind: "false-positives" | "false-negatives") => ({
      path: join(folder, name),
      score: 0.5,
      kind,
    });
    const mistakes = [
      mistake("p/a.wav", "false-positives"),
      mistake("q/a.wav", "false-positives"),
      mistake("q/b.wav", "false-negatives"),
    ];
    await sortMistakes(join(folder, "run"), mistakes);
    assert.deepEqual(await names(join(folder, "run/false-positives")), ["a (2).wav", "a.wav"]);
    assert.deepEqual(await names(join(folder, "run/false-negatives")), ["b.wav"]);
    assert.deepEqual(await names(join(folder, "q")), ["a.wav", "b.wav"], "copied, not moved");
    await sortMistakes(join(folder, "moved"), mistakes, { move: true });
    assert.deepEqual(await names(join(folder, "q")), []);
    assert.deepEqual(await names(join(folder, "moved/false-positives")), ["a (2).wav", "a.wav"]);
    await sortMistakes(join(folder, "none"), []);
    assert.deepEqual(await names(join(folder, "none")), ["false-negatives", "false-positives"]);
  }));

Deno.test("readLabelledClips() reads the class from folders or from _a and _b", () =>
  withFiles(
    ["burps-audio/1.wav", "not-burps-audio/2.wav", "eval/x_a.wav", "eval/y_b.wav", "eval/z.wav", "odd/w.wav"],
    async (folder) => {
      const read = async (path: string, aIsEvent = true) => {
        const { clips, skipped } = await readLabelledClips([join(folder, path)], {
          event: "burp",
          aIsEvent,
          sampleRate: 16_000,
        });
        return { clips: clips.map(({ name, event }) => `${name} ${event ?? "-"}`), skipped };
      };
      assert.deepEqual((await read(".")).clips, ["1.wav burp", "2.wav -"]);
      assert.deepEqual((await read("not-burps-audio")).clips, ["2.wav -"]);
      const { clips, skipped } = await read("eval");
      assert.deepEqual(clips, ["x_a.wav burp", "y_b.wav -"]);
      assert.deepEqual(skipped.map(({ reason }) => reason), ["its name ends neither in _a nor in _b"]);
      assert.deepEqual((await read("eval", false)).clips, ["x_a.wav -", "y_b.wav burp"]);
      await assert.rejects(read("odd"), /nothing says what its clips are/);
    },
  ));
