import assert from "node:assert/strict";
import { join } from "node:path";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { readKnown } from "tasks/bench/known_streams.ts";
import { twelveClipModel } from "tasks/bench/twelve_clip_model.ts";

Deno.test("readKnown() gives annotated recordings with the clips of their event, and passes over others", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["a", "b"]) {
      await writeWav(join(folder, `${name}.wav`), new Float32Array(16_000).fill(0.1), { sampleRate: 8000 });
    }
    await Deno.writeTextFile(join(folder, "a.csv"), "onset,offset,label\n0.5,1,cough\n");
    const clips = join(folder, "clips");
    for (const name of ["cough-audio", "laugh-audio", "other"]) {
      await Deno.mkdir(join(clips, name), { recursive: true });
    }
    const inputs = [join(folder, "a.wav"), join(folder, "b.wav")];
    const [stream, ...others] = await Array.fromAsync(readKnown(inputs, clips));
    assert.deepEqual(others, []);
    assert.deepEqual([stream!.name, stream!.event, stream!.truth.length], ["a", "cough", 1]);
    assert.deepEqual(stream!.sound.span, { start: 0, end: 2 });
    assert.deepEqual(stream!.clips, {
      positives: join(clips, "cough-audio"),
      negatives: [join(clips, "laugh-audio"), join(clips, "other")],
    });
    await Deno.remove(join(clips, "cough-audio"));
    await assert.rejects(Array.fromAsync(readKnown(inputs, clips)), /has no folder cough-audio/);
    const [plain] = await Array.fromAsync(readKnown(inputs, undefined));
    const signal = new AbortController().signal;
    await assert.rejects(twelveClipModel(plain!, join(folder, "models"), signal), /name them with --clips/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
