import { join } from "node:path";
import { createRandom, type Random } from "lib/base/numbers/random.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import { LOSSY_CODECS, throughCodec } from "lib/learning/distil/codec_pass.ts";
import { keptSounds } from "lib/learning/distil/kept_sounds.ts";
import type { SoundGroup } from "lib/learning/distil/mix_lesson.ts";
import { speakNumbers } from "lib/learning/distil/spoken_numbers.ts";
import { synthesizeBurp } from "lib/learning/synthesis/burp.ts";
import { CONFUSER_KINDS, synthesizeConfuser } from "lib/learning/synthesis/confusers.ts";

/** What there is to learn from besides recordings, and how all of it is drawn. */
interface SoundGroupOptions {
  readonly seed: string | number;
  readonly sampleRate: number;
  /** Synthetic burps. */
  readonly burps: number;
  /** Synthetic sounds of all other kinds. */
  readonly others: number;
  /** Utterances by espeak-ng. */
  readonly spoken: number;
  readonly signal?: AbortSignal | undefined;
  /** Keeps what was made, for a training that goes on after an interruption. */
  readonly folder: string;
  /** Told what is being made. */
  readonly onProgress?: ((what: string) => void) | undefined;
}

/** How often sounds of each origin are drawn; recordings share theirs among their folders. */
const SHARES = { recordings: 0.55, burps: 0.12, others: 0.2, spoken: 0.13 };
/** Share of the sounds that are there a second time, through a lossy codec. */
const CODED_SHARE = 0.5;
/** One sound in so many is kept to measure by. */
const HELD_OUT = 16;

/** Sounds to learn from, and others to measure by. */
interface SplitSounds {
  readonly train: readonly SoundGroup[];
  readonly held: readonly SoundGroup[];
}

/**
 * Gathers what a student hears: recordings, grouped by the folders that they lie in, burps and other sounds from the
 * synthesiser, speech from espeak-ng, and part of all of it through lossy codecs.
 *
 * @param recordings Clips whose names begin with their folder.
 * @throws {MissingProgramError} If espeak-ng or ffmpeg is needed and not there.
 * @throws {RangeError} If there is nothing to hear.
 */
export async function gatherSounds(
  recordings: readonly Clip[],
  { seed, sampleRate, burps, others, spoken, folder, signal, onProgress }: SoundGroupOptions,
): Promise<SplitSounds> {
  const random = createRandom(`${seed}/sounds`);
  const rest = { sampleRate, signal };
  const byFolder = Map.groupBy(
    recordings,
    ({ name }) => name.includes("/") ? name.split("/")[0]! : "recordings",
  );
  // A folder of a thousand sounds is drawn from more often than one of ten, but not a hundred times.
  const roots = [...byFolder.values()].reduce((sum, { length }) => sum + Math.sqrt(length), 0);
  const origins: { name: string; share: number; make: () => Promise<readonly Clip[]> }[] = [
    ...[...byFolder].map(([name, clips]) => ({
      name,
      share: SHARES.recordings * Math.sqrt(clips.length) / roots,
      make: () => Promise.resolve(clips),
    })),
    {
      name: "synthetic burps",
      share: SHARES.burps,
      make: () => many(burps, random.fork("burps"), (own) => synthesizeBurp(own, { sampleRate })),
    },
    {
      name: "other synthetic sounds",
      share: SHARES.others,
      make: () =>
        many(
          others,
          random.fork("others"),
          (own) => synthesizeConfuser(own, { sampleRate, kind: own.pick(CONFUSER_KINDS) }).samples,
        ),
    },
    {
      name: "spoken numbers",
      share: SHARES.spoken,
      make: async () =>
        named("spoken", await speakNumbers(spoken, { random: random.fork("spoken"), ...rest })),
    },
  ];
  const whole: SoundGroup[] = [];
  for (const { name, share, make } of origins) {
    const sounds = await keptSounds(join(folder, `${name}.sounds`), async () => {
      onProgress?.(name);
      return await withCoded(await make(), random.fork(name), rest);
    });
    if (sounds.length > 0) whole.push({ name, share, sounds });
  }
  if (whole.length === 0) throw new RangeError("There is no sound to learn from");
  const part = (isHeld: boolean): SoundGroup[] =>
    whole.map((group) => {
      const sounds = group.sounds.filter(({ group: origin }) => isHeldOut(origin, seed) === isHeld);
      return { ...group, sounds: sounds.length > 0 ? sounds : group.sounds };
    });
  return { train: part(false), held: part(true) };
}

function isHeldOut(origin: string, seed: string | number): boolean {
  return createRandom(`${seed}/held/${origin}`).integer(HELD_OUT) === 0;
}

function named(origin: string, samples: readonly Float32Array[]): Clip[] {
  return samples.map((sound, i) => {
    const name = `${origin}-${i}`;
    return { name, path: name, group: name, samples: sound };
  });
}

function many(count: number, random: Random, make: (random: Random) => Float32Array): Promise<Clip[]> {
  const sounds = Array.from({ length: count }, (_, i) => make(random.fork(String(i))));
  return Promise.resolve(named("synthetic", sounds));
}

/** The sounds, and part of them a second time, as codecs leave them. */
async function withCoded(
  sounds: readonly Clip[],
  random: Random,
  options: { readonly sampleRate: number; readonly signal?: AbortSignal | undefined },
): Promise<Clip[]> {
  const chosen = sounds.filter(() => random.next() < CODED_SHARE);
  const byCodec = Map.groupBy(chosen, () => random.pick(LOSSY_CODECS));
  const coded: Clip[] = [];
  for (const [codec, clips] of byCodec) {
    const samples = await throughCodec(clips.map(({ samples }) => samples.subarray()), codec, options);
    clips.forEach((clip, i) => coded.push({ ...clip, samples: samples[i]! }));
  }
  return [...sounds, ...coded];
}
