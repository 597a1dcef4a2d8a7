import assert from "node:assert/strict";
import { siSdr } from "lib/base/metrics/si_sdr.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { openDeepFilterNet } from "lib/learning/separate/deep_filter_net.ts";
import { type Channels, separate, type Separator } from "lib/learning/separate/separator.ts";
import { createSpectralSeparator } from "lib/learning/separate/spectral_separator.ts";
import { deepFilterNetFiles } from "lib/learning/separate/deep_filter_net_files.ts";

const { library, model } = deepFilterNetFiles();
const isThere = await Deno.stat(library).then(() => true, () => false);
const SEPARATORS: readonly (() => Promise<Separator>)[] = [
  () => Promise.resolve(createSpectralSeparator()),
  ...isThere ? [() => openDeepFilterNet({ library, model })] : [],
];

/** Steady noise of the level `noise` on the sides, and in the middle syllables of a voice-like buzz. */
function mixture(seconds: number, noise: number): { readonly sound: Channels; readonly voice: Float32Array } {
  const random = createRandom("mixture");
  const N = seconds * 48_000;
  const voice = new Float32Array(N);
  for (let n = 0; n < N; n++) {
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 3 * n / 48_000)) ** 2;
    for (let k = 1; k <= 20; k++) {
      voice[n]! += 0.08 / k * syllable * Math.sin(2 * Math.PI * 140 * k * n / 48_000);
    }
  }
  const channel = () => voice.map((value) => value + noise * (2 * random.next() - 1));
  return { sound: [channel(), channel()], voice };
}

async function run(
  separator: Separator,
  sound: Channels,
  blockSize: number,
): Promise<{ voice: Channels; game: Channels }> {
  const N = sound[0]!.length;
  async function* blocks() {
    for (let at = 0; at < N; at += blockSize) yield sound.map((samples) => samples.slice(at, at + blockSize));
  }
  const parts = await Array.fromAsync(separate(blocks(), separator, { channels: sound.length }));
  const join = (which: "voice" | "game") =>
    sound.map((_, c) => Float32Array.from(parts.flatMap((part) => [...part[which][c]!])));
  return { voice: join("voice"), game: join("game") };
}

for (const open of SEPARATORS) {
  const separator = await open();
  Deno.test(`${separator.name}: voice and game are as long as the sound, in step with it, and add up to it`, async () => {
    const { sound } = mixture(2, 0.1);
    const { voice, game } = await run(separator, sound, 1000);
    for (const [c, samples] of sound.entries()) {
      assert.equal(voice[c]!.length, samples.length);
      const worst = samples.reduce(
        (most, x, n) => Math.max(most, Math.abs(voice[c]![n]! + game[c]![n]! - x)),
        0,
      );
      assert.ok(worst < 1e-6, `${worst}`);
    }
  });

  Deno.test(`${separator.name}: what comes out does not depend on the sizes of blocks`, async () => {
    const { sound } = mixture(1, 0.1);
    const [small, large] = [await run(separator, sound, 333), await run(separator, sound, 48_000)];
    assert.deepEqual(small.voice, large.voice);
  });
}

Deno.test("the filter brings a voice nearer to what it was", async () => {
  const { sound, voice } = mixture(4, 0.2);
  const separated = await run(createSpectralSeparator(), sound, 4096);
  const gain = siSdr(separated.voice[0]!, voice) - siSdr(sound[0]!, voice);
  assert.ok(gain > 5, `${gain.toFixed(1)} dB`);
});

Deno.test("sound at full scale comes apart into stems within full scale", async () => {
  const sound = [Float32Array.from({ length: 48_000 }, (_, n) => Math.sign(Math.sin(n * n / 9e5)))];
  const { voice, game } = await run(createSpectralSeparator(), sound, 4096);
  for (const [n, x] of sound[0]!.entries()) {
    assert.ok(Math.abs(voice[0]![n]!) <= 1 && Math.abs(game[0]![n]!) <= 1);
    assert.ok(Math.abs(voice[0]![n]! + game[0]![n]! - x) < 1e-6);
  }
});

Deno.test("a missing library is named before anything is loaded", async () => {
  await assert.rejects(
    openDeepFilterNet({ library: "/nowhere/lib.so", model }),
    /nowhere.*setup --only separator/,
  );
});
