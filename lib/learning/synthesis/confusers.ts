import type { Random } from "lib/base/numbers/random.ts";
import {
  createApplause,
  createBuzz,
  createCrowd,
  createRain,
  createWind,
} from "lib/learning/synthesis/ambience.ts";
import {
  synthesizeBark,
  synthesizeBreathing,
  synthesizeCough,
  synthesizeSneeze,
  synthesizeSnore,
  synthesizeThroatClearing,
} from "lib/learning/synthesis/body_sounds.ts";
import {
  synthesizeBeeps,
  synthesizeEngine,
  synthesizeExplosion,
  synthesizeShots,
} from "lib/learning/synthesis/game_sounds.ts";
import { scaleToPeak } from "lib/learning/synthesis/level.ts";
import { synthesizeBuzzer, synthesizeMotor } from "lib/learning/synthesis/machine_sounds.ts";
import { synthesizeChewing, synthesizeDrinking } from "lib/learning/synthesis/mouth_sounds.ts";
import { createMusic } from "lib/learning/synthesis/music.ts";
import {
  synthesizeBumps,
  synthesizeCreak,
  synthesizeKeyboard,
  synthesizeKnocks,
} from "lib/learning/synthesis/object_sounds.ts";
import { recordSound } from "lib/learning/synthesis/recording_chain.ts";
import type { SoundSource } from "lib/learning/synthesis/sound_source.ts";
import {
  synthesizeLaugh,
  synthesizeMoan,
  synthesizeScream,
  synthesizeSpeech,
  synthesizeVocalFry,
  synthesizeWord,
} from "lib/learning/synthesis/voices.ts";

interface Rate {
  readonly sampleRate: number;
}

type Synthesize = (random: Random, rate: Rate) => Float32Array;

/** One to four seconds of a sound without end. */
function pieceOf(create: (random: Random, rate: Rate) => SoundSource): Synthesize {
  return (random, rate) => {
    const piece = create(random, rate).render(Math.round(random.uniform(1, 4) * rate.sampleRate));
    return scaleToPeak(piece, 0.9);
  };
}

/**
 * The dry sounds that are not burps, and how often each is drawn. Sounds made by people come most often, short words,
 * motors and buzzers often: they are what a detector of burps mistakes on real recordings. Flatulence is left out on
 * purpose: without its place in a sentence nobody, and no detector, can tell it from a burp.
 */
const CONFUSERS = {
  speech: [synthesizeSpeech, 10],
  word: [synthesizeWord, 8],
  "vocal-fry": [synthesizeVocalFry, 3],
  moan: [synthesizeMoan, 5],
  laugh: [synthesizeLaugh, 6],
  scream: [synthesizeScream, 4],
  cough: [synthesizeCough, 4],
  "throat-clearing": [synthesizeThroatClearing, 3],
  sneeze: [synthesizeSneeze, 2],
  snore: [synthesizeSnore, 2],
  breathing: [synthesizeBreathing, 4],
  drinking: [synthesizeDrinking, 3],
  chewing: [synthesizeChewing, 2],
  bark: [synthesizeBark, 3],
  keyboard: [synthesizeKeyboard, 3],
  knocks: [synthesizeKnocks, 3],
  bumps: [synthesizeBumps, 3],
  creak: [synthesizeCreak, 3],
  shots: [synthesizeShots, 2],
  explosion: [synthesizeExplosion, 2],
  engine: [synthesizeEngine, 4],
  motor: [synthesizeMotor, 7],
  buzzer: [synthesizeBuzzer, 4],
  beeps: [synthesizeBeeps, 2],
  music: [pieceOf(createMusic), 5],
  rain: [pieceOf(createRain), 1],
  wind: [pieceOf(createWind), 1],
  applause: [pieceOf(createApplause), 1],
  buzz: [pieceOf(createBuzz), 1],
  crowd: [pieceOf(createCrowd), 1],
} as const satisfies Record<string, readonly [Synthesize, weight: number]>;

/** Name of a sound that is not a burp. */
export type ConfuserKind = keyof typeof CONFUSERS;

/** All kinds of sounds that are not burps. */
export const CONFUSER_KINDS: readonly ConfuserKind[] = Object.keys(CONFUSERS) as ConfuserKind[];

const LOTTERY = CONFUSER_KINDS.flatMap((kind) => Array<ConfuserKind>(CONFUSERS[kind][1]).fill(kind));

/** How a confuser is synthesised. */
interface ConfuserOptions {
  readonly sampleRate: number;
  /** Drawn by the weights above where absent. */
  readonly kind?: ConfuserKind;
  /** Without room and microphone; false by default. */
  readonly dry?: boolean;
}

/** A sound that is not a burp. */
interface Confuser {
  readonly kind: ConfuserKind;
  /** Mono, in [-1, 1]. */
  readonly samples: Float32Array;
}

/** A sound that a detector of burps must leave alone: voices, bodies, things, games and weather, all drawn from `random`. */
export function synthesizeConfuser(random: Random, options: ConfuserOptions): Confuser {
  const { sampleRate, kind = random.pick(LOTTERY), dry = false } = options;
  const samples = CONFUSERS[kind][0](random, { sampleRate });
  return { kind, samples: dry ? samples : recordSound(samples, { random, sampleRate }) };
}
