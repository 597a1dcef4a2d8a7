import assert from "node:assert/strict";
import { createRandom } from "lib/base/numbers/random.ts";
import { createOnnxGraph } from "lib/learning/model/onnx_writer.ts";
import { CAC_BINS, cacFrames, cacSpectrogram, soundOfCac } from "lib/learning/separate/cac_spectrogram.ts";
import { openDemucs } from "lib/learning/separate/demucs.ts";
import { type Channels, separate } from "lib/learning/separate/separator.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const N = 16 * 1024;

function noise(length: number, seed: string): Channels {
  const random = createRandom(seed);
  return [0, 1].map(() => Float32Array.from({ length }, () => random.next() - 0.5));
}

/** A network whose voice is half of what it hears, and whose other three sources are silent. */
function tinyDemucs({ spectrogram }: { readonly spectrogram: boolean }): Uint8Array<ArrayBuffer> {
  const graph = createOnnxGraph({ name: "tiny" });
  graph.initializer("axis", BigInt64Array.of(1n), [1]);
  // Of drums, bass, other and voice, one sounds.
  const sourcesOf = (input: string, output: string, share: number, dims: readonly number[]) => {
    graph.initializer(`${output}_shares`, Float32Array.of(0, 0, 0, share), [1, 4, ...dims.map(() => 1)]);
    graph.node("Unsqueeze", [input, "axis"], [`${output}_one`]);
    graph.node("Mul", [`${output}_one`, `${output}_shares`], [output]);
    graph.output(output, [1, 4, ...dims]);
  };
  graph.input("mix", [1, 2, N]);
  sourcesOf("mix", "waves", spectrogram ? 0.25 : 0.5, [2, N]);
  if (spectrogram) {
    graph.input("spectrum", [1, 4, CAC_BINS, cacFrames(N)]);
    sourcesOf("spectrum", "spectra", 0.25, [4, CAC_BINS, cacFrames(N)]);
  }
  return graph.encode();
}

Deno.test("a spectrogram with complex numbers as channels becomes the sound that it was", () => {
  const sound = noise(N, "cac");
  const back = soundOfCac(cacSpectrogram(sound), 2, N);
  // The highest frequency is left out, and the ends lack the windows that lie beyond them.
  const worst = sound.flatMap((samples, c) =>
    [...samples].map((x, n) => Math.abs(x - back[c]![n]!)).slice(4096, N - 4096)
  );
  assert.ok(Math.max(...worst) < 0.02, `${Math.max(...worst)}`);
});

for (const spectrogram of [false, true]) {
  Deno.test(`demucs ${spectrogram ? "with a spectrogram" : "on waveforms"} runs in stretches without seams`, async () => {
    await inTemporaryFolder(async (folder) => {
      await Deno.writeFile(`${folder}/tiny.onnx`, tinyDemucs({ spectrogram }));
      const separator = await openDemucs(`${folder}/tiny.onnx`);
      assert.equal(separator.sampleRate, 44_100);
      const sound = noise(3 * N + 777, "stretches");
      async function* blocks() {
        for (let at = 0; at < sound[0]!.length; at += 5000) {
          yield sound.map((samples) => samples.slice(at, at + 5000));
        }
      }
      const stems = await Array.fromAsync(separate(blocks(), separator, { channels: 2 }));
      for (const [c, samples] of sound.entries()) {
        const voice = Float32Array.from(stems.flatMap((part) => [...part.voice[c]!]));
        assert.equal(voice.length, samples.length);
        // Spectra fade at the ends of a stretch, where the stretch beside it counts more.
        const error = samples.reduce((sum, x, n) => sum + (voice[n]! - x / 2) ** 2, 0);
        const power = samples.reduce((sum, x) => sum + (x / 2) ** 2, 0);
        const db = 10 * Math.log10(error / power);
        assert.ok(db < (spectrogram ? -15 : -100), `${db.toFixed(1)} dB`);
      }
    });
  });
}

Deno.test("a network of another kind is no Demucs", async () => {
  await assert.rejects(openDemucs("models/burp/model.onnx"), /models\/burp\/model\.onnx: this is no Demucs/);
  await assert.rejects(openDemucs("nowhere.onnx"), /nowhere\.onnx: there is no such file/);
});
