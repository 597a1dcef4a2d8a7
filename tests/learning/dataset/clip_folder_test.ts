import assert from "node:assert/strict";
import { join } from "node:path";
import { readClipFolders } from "lib/learning/dataset/clip_folder.ts";
import { encodeWav } from "lib/media/audio/wav_writer.ts";

const tone = (seconds: number, rate: number): Float32Array =>
  Float32Array.from({ length: Math.round(seconds * rate) }, (_, n) => 0.3 * Math.sin(n * 0.2));

Deno.test("readClipFolders() reads any rate, names what is broken, silent or empty, and goes on", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(dir, "inner"));
    await Deno.writeFile(join(dir, "a.wav"), encodeWav(tone(0.5, 16_000), { sampleRate: 16_000 }));
    await Deno.writeFile(join(dir, "inner", "b.wav"), encodeWav(tone(0.5, 44_100), { sampleRate: 44_100 }));
    await Deno.writeFile(join(dir, "silent.wav"), encodeWav(new Float32Array(8000), { sampleRate: 16_000 }));
    await Deno.writeFile(join(dir, "none.wav"), encodeWav(new Float32Array(0), { sampleRate: 16_000 }));
    await Deno.writeTextFile(join(dir, "broken.wav"), "RIFF and then nothing that makes sense");
    await Deno.writeFile(join(dir, "empty.wav"), new Uint8Array(0));
    await Deno.writeTextFile(join(dir, "notes.txt"), "not a clip");
    await Deno.writeTextFile(join(dir, ".hidden.wav"), "a file manager's");
    const { clips, skipped } = await readClipFolders([dir], { sampleRate: 16_000, event: "beep" });
    assert.deepEqual(clips.map((clip) => clip.name), ["a.wav", join("inner", "b.wav")]);
    assert(clips.every((clip) => clip.event === "beep" && Math.abs(clip.samples.length - 8000) <= 1));
    assert.deepEqual(
      skipped.map(({ path }) => path.slice(dir.length + 1)).sort(),
      ["broken.wav", "empty.wav", "none.wav", "silent.wav"],
    );
    assert(skipped.every(({ reason }) => reason.length > 5 && !reason.includes("\n")));
    assert.match(skipped.find(({ path }) => path.endsWith("silent.wav"))!.reason, /silent/);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("readClipFolders() says which folder is missing", async () => {
  await assert.rejects(readClipFolders(["no-such-folder"], { sampleRate: 16_000 }), /no-such-folder/);
});
