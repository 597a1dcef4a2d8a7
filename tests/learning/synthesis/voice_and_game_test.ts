import assert from "node:assert/strict";
import { rootMeanSquare } from "lib/learning/synthesis/level.ts";
import { synthesizeVoiceAndGame } from "lib/learning/synthesis/voice_and_game.ts";

Deno.test("synthesizeVoiceAndGame() gives the same parts for a seed, within full scale, with the voice at the level asked for", () => {
  const options = { seconds: 10, sampleRate: 16_000, seed: "test" };
  const { voice, game } = synthesizeVoiceAndGame({ ...options, voiceDb: 6 });
  assert.deepEqual(synthesizeVoiceAndGame({ ...options, voiceDb: 6 }).voice, voice);
  assert.equal(voice.length, 160_000);
  assert.ok(voice.every((x, n) => Math.abs(x + game[n]!) <= 1));
  const quiet = synthesizeVoiceAndGame({ ...options, voiceDb: -6 });
  const over = (part: typeof quiet) =>
    20 * Math.log10(rootMeanSquare(part.voice) / rootMeanSquare(part.game));
  assert.ok(Math.abs(over({ voice, game }) - over(quiet) - 12) < 0.01);
});
