import { concatenate } from "lib/base/numbers/concatenate.ts";
import type { Random } from "lib/base/numbers/random.ts";
import {
  createApplause,
  createBuzz,
  createCrowd,
  createRain,
  createWind,
} from "lib/learning/synthesis/ambience.ts";
import { type ConfuserKind, synthesizeConfuser } from "lib/learning/synthesis/confusers.ts";
import { decibelsToRatio, mixInto, rootMeanSquare } from "lib/learning/synthesis/level.ts";
import { applyMicrophone, drawMicrophone } from "lib/learning/synthesis/microphone.ts";
import { createMusic } from "lib/learning/synthesis/music.ts";
import { SoundQueue, type SoundSource } from "lib/learning/synthesis/sound_source.ts";
import { drawSpeaker } from "lib/learning/synthesis/speaker.ts";
import { synthesizeSpeech } from "lib/learning/synthesis/voices.ts";

/** What one hears in a stream besides the events; levels are in dB of full scale. */
export interface BedOptions {
  readonly sampleRate: number;
  /** Level of the music; -Infinity for none. -30 by default. */
  readonly musicDecibels?: number;
  /** Level of rain, wind, a fan, a crowd or hum; -46 by default. */
  readonly ambienceDecibels?: number;
  /** Part of the time in which somebody talks, from 0 to 1; 0.4 by default. */
  readonly speechShare?: number;
  /** Other sounds per minute: shots, keys, coughs, laughs and so on; 15 by default. */
  readonly soundsPerMinute?: number;
}

/** Shares of the sounds that a gaming stream is full of, on top of the confusers' own weights. */
const GAME_SOUNDS = [
  "shots",
  "explosion",
  "beeps",
  "engine",
  "keyboard",
  "keyboard",
  "bumps",
] as const satisfies readonly ConfuserKind[];

/**
 * The sound of a gaming stream without end: a piece of music after another, ambience, a streamer who talks in phrases,
 * and sounds of game, desk and people. Blocks have the length asked for, and memory stays small. The same `random` and
 * the same block lengths give the same samples.
 */
export function createBed(random: Random, options: BedOptions): SoundSource {
  const { sampleRate, musicDecibels = -30, ambienceDecibels = -46, speechShare = 0.4 } = options;
  const { soundsPerMinute = 15 } = options;
  const queue = new SoundQueue();
  const streamer = drawSpeaker(random), microphone = { ...drawMicrophone(random), peakDecibels: -9 };
  const createAmbience = random.pick([createApplause, createBuzz, createCrowd, createRain, createWind]);
  const ambience = atLevel(createAmbience(random, { sampleRate }), ambienceDecibels, sampleRate);
  let music: SoundSource | undefined, musicLeft = 0, silence = 0;

  /** Starts the next piece of music, or a pause between two. */
  const changeMusic = () => {
    silence = random.next() < 0.3 ? 1 : 0;
    const level = musicDecibels + random.uniform(-6, 4);
    music = silence === 1 || musicDecibels === -Infinity
      ? undefined
      : atLevel(createMusic(random, { sampleRate }), level, sampleRate);
    musicLeft = (music === undefined ? random.uniform(5, 20) : random.uniform(30, 120)) * sampleRate;
  };

  // Times, in samples from the start of the next block, at which the next phrase and the next sound begin.
  let nextPhrase = random.uniform(0, 5) * sampleRate;
  let nextSound = random.uniform(0, 60 / Math.max(soundsPerMinute, 1e-9)) * sampleRate;
  return {
    render(length) {
      for (; speechShare > 0 && nextPhrase < length;) {
        const seconds = random.uniform(1, 5);
        const phrase = synthesizeSpeech(random, { sampleRate, seconds, speaker: streamer });
        applyMicrophone(phrase, microphone, { random, sampleRate });
        queue.add(phrase, Math.round(nextPhrase), decibelsToRatio(random.uniform(-10, 0)));
        const pause = seconds * (1 / speechShare - 1);
        nextPhrase += (seconds + pause * random.uniform(0.3, 1.7)) * sampleRate;
      }
      for (; soundsPerMinute > 0 && nextSound < length;) {
        const kind = random.next() < 0.5 ? { kind: random.pick(GAME_SOUNDS) } : {};
        const { samples } = synthesizeConfuser(random, { sampleRate, ...kind });
        queue.add(samples, Math.round(nextSound), decibelsToRatio(random.uniform(-20, -4)));
        nextSound += 60 / soundsPerMinute * random.uniform(0.2, 1.8) * sampleRate;
      }
      nextPhrase -= length;
      nextSound -= length;
      const block = queue.take(length);
      mixInto(block, ambience.render(length), 0);
      if (musicLeft <= 0) changeMusic();
      musicLeft -= length;
      if (music !== undefined) mixInto(block, music.render(length), 0);
      return block;
    },
  };
}

/** The source at a level in dB of full scale, measured on its first three seconds. */
function atLevel(source: SoundSource, decibels: number, sampleRate: number): SoundSource {
  let ahead = source.render(3 * sampleRate);
  const gain = decibelsToRatio(decibels) / (rootMeanSquare(ahead) || 1);
  return {
    render(length) {
      while (ahead.length < length) ahead = concatenate([ahead, source.render(length)]);
      const block = ahead.slice(0, length);
      ahead = concatenate([ahead.subarray(length), source.render(length)]);
      for (let n = 0; n < length; n++) block[n]! *= gain;
      return block;
    },
  };
}
