import { createRandom } from "lib/base/numbers/random.ts";
import { type ConfuserKind, synthesizeConfuser } from "lib/learning/synthesis/confusers.ts";
import { decibelsToRatio, mixInto, rootMeanSquare } from "lib/learning/synthesis/level.ts";
import { createMusic } from "lib/learning/synthesis/music.ts";

/** What {@linkcode synthesizeVoiceAndGame} makes. */
interface VoiceAndGameOptions {
  readonly seconds: number;
  /** In Hz. */
  readonly sampleRate: number;
  readonly seed: string;
  /** Level of the voice, where there is any, over the game, in dB; 3 by default. */
  readonly voiceDb?: number;
}

/** Both parts of a stream, mono, as long as each other; the stream is their sum, which stays within full scale. */
export interface VoiceAndGame {
  readonly voice: Float32Array<ArrayBuffer>;
  readonly game: Float32Array<ArrayBuffer>;
}

const VOICES: readonly ConfuserKind[] = ["speech", "speech", "word", "laugh", "speech", "scream"];
const EFFECTS: readonly ConfuserKind[] = ["shots", "explosion", "engine", "beeps", "knocks"];
/** How far a laugh, a word or a shout may lie from the others, in dB. */
const SPREAD_DB = 6;

/** Somebody who talks, laughs and shouts, and the music and shots of the game that is played, apart, to learn what separation is worth. */
export function synthesizeVoiceAndGame(options: VoiceAndGameOptions): VoiceAndGame {
  const { seconds, sampleRate, seed, voiceDb = 3 } = options;
  const random = createRandom(`${seed}/voice-and-game`);
  const N = Math.round(seconds * sampleRate);
  const voice = new Float32Array(N);
  let spoken = 0;
  for (let at = 0.5 * sampleRate, i = 0; at < N; i++) {
    const { samples } = synthesizeConfuser(random, {
      sampleRate,
      kind: VOICES[i % VOICES.length]!,
      dry: true,
    });
    const gain = decibelsToRatio(random.uniform(-SPREAD_DB, SPREAD_DB)) /
      Math.max(1e-9, rootMeanSquare(samples));
    mixInto(voice, samples, Math.round(at), gain);
    spoken += samples.length;
    at += samples.length + random.uniform(0.2, 1) * sampleRate;
  }
  const game = new Float32Array(createMusic(random, { sampleRate }).render(N));
  const level = rootMeanSquare(game);
  for (let at = 0; at < N; at += random.uniform(0.5, 2) * sampleRate) {
    const { samples } = synthesizeConfuser(random, { sampleRate, kind: random.pick(EFFECTS), dry: true });
    mixInto(game, samples, Math.round(at), level / Math.max(1e-9, rootMeanSquare(samples)));
  }
  const share = Math.sqrt(Math.max(1, N / Math.max(1, spoken)));
  const gain = decibelsToRatio(voiceDb) * rootMeanSquare(game) /
    Math.max(1e-9, share * rootMeanSquare(voice));
  let peak = 0;
  for (let n = 0; n < N; n++) peak = Math.max(peak, Math.abs(gain * voice[n]! + game[n]!));
  const scale = peak > 0 ? 0.9 / peak : 0;
  return { voice: voice.map((x) => x * gain * scale), game: game.map((x) => x * scale) };
}
