import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { samplesToSeconds } from "lib/base/events/time_grid.ts";
import { concatenate } from "lib/base/numbers/concatenate.ts";
import { createRandom, type Random } from "lib/base/numbers/random.ts";
import { filterInPlace } from "lib/learning/synthesis/biquad.ts";
import { decibelsToRatio, mixInto } from "lib/learning/synthesis/level.ts";
import { createMusic } from "lib/learning/synthesis/music.ts";
import { createPinkNoise } from "lib/learning/synthesis/noise.ts";
import { drawVoice, recordAd, type RecordedAd, scaleToLevel } from "lib/learning/synthesis/podcast_ads.ts";
import { sayTalk } from "lib/learning/synthesis/podcast_lines.ts";
import type { Sayer, SpokenVoice } from "lib/learning/synthesis/say.ts";
import { synthesizeLaugh } from "lib/learning/synthesis/voices.ts";

/** How a show is made. */
export interface ShowOptions {
  /** The same seed gives the same hosts, jingle and advertisements. */
  readonly seed: string | number;
  readonly sampleRate: number;
  readonly sayer: Sayer;
  /** Advertisements that its episodes draw from; 8 by default. */
  readonly ads?: number;
  /** Share of them that a host reads; 0.25 by default. */
  readonly hostRead?: number;
}

/** A stretch of an episode: `ad` with its kind, or `content`. */
interface EpisodePart extends SoundEvent {
  readonly kind?: string;
}

/** A made episode with its truth. */
export interface PodcastEpisode {
  readonly samples: Float32Array<ArrayBuffer>;
  /** From the start to the end, times true to the sample. */
  readonly segments: readonly EpisodePart[];
}

/** A made show. */
export interface PodcastShow {
  /** @param options.breaks Breaks in it, of one to three advertisements each; none makes an episode without any. */
  episode(
    name: string,
    options: { readonly minutes: number; readonly breaks?: number },
  ): Promise<PodcastEpisode>;
}

/** Root mean square of what people say. */
const SPEECH_LEVEL = 0.1;
/** Nobody says more at once. */
const LONGEST_SENTENCE_SECONDS = 20;
/** Root mean square of a quiet room, about. */
const ROOM_LEVEL = 0.002;

/**
 * A show: two or three hosts who talk, laugh and talk over each other, one of them perhaps on the phone, a jingle, a music bed
 * now and then, and advertisements that come again in other episodes at other levels.
 */
export async function createShow(options: ShowOptions): Promise<PodcastShow> {
  const { seed, sampleRate, sayer, ads: count = 8, hostRead = 0.25 } = options;
  const random = createRandom(`${seed}/show`);
  const hosts = Array.from({ length: 2 + random.integer(2) }, (_, i) => drawVoice(random.fork(`host-${i}`)));
  const theme = random.fork("theme");
  const jingle = fadeOut(
    scaleToLevel(
      createMusic(theme, { sampleRate }).render(Math.round(theme.uniform(2, 5) * sampleRate)),
      SPEECH_LEVEL,
    ),
  );
  const ads: RecordedAd[] = [];
  for (let i = 0; i < count; i++) {
    const host = i < Math.round(count * hostRead) ? hosts[0] : undefined;
    ads.push(await recordAd(random.fork(`ad-${i}`), { sayer, sampleRate, host }));
  }
  return {
    async episode(name, { minutes, breaks = 2 }) {
      const own = random.fork(`episode-${name}`);
      const room = createPinkNoise(random.fork("room"));
      const parts: { readonly samples: Float32Array; readonly ad?: RecordedAd }[] = [{ samples: jingle }];
      for (let section = 0; section <= breaks; section++) {
        const seconds = minutes * 60 / (breaks + 1) * own.uniform(0.8, 1.2);
        const samples = await talk(own.fork(`section-${section}`), { hosts, seconds, sampleRate, sayer });
        for (let n = 0; n < samples.length; n++) samples[n]! += ROOM_LEVEL * room();
        parts.push({ samples });
        if (section === breaks) break;
        if (own.next() < 0.5) parts.push({ samples: jingle });
        for (const ad of own.shuffle(ads).slice(0, 1 + own.integer(3))) {
          const gain = decibelsToRatio(own.uniform(-4, 4));
          // What hosts read is read in their room.
          const noise = ad.kind === "host-read" ? ROOM_LEVEL : 0;
          parts.push({ samples: ad.samples.map((value) => gain * value + noise * room()), ad });
        }
        if (own.next() < 0.5) parts.push({ samples: jingle });
      }
      const samples = concatenate(parts.map((part) => part.samples));
      for (let n = 0; n < samples.length; n++) samples[n] = Math.tanh(samples[n]!);
      return { samples, segments: truthOf(parts, sampleRate) };
    },
  };
}

/** A conversation of about so many seconds. */
async function talk(
  random: Random,
  { hosts, seconds, sampleRate, sayer }: {
    readonly hosts: readonly SpokenVoice[];
    readonly seconds: number;
    readonly sampleRate: number;
    readonly sayer: Sayer;
  },
): Promise<Float32Array> {
  const wanted = Math.round(seconds * sampleRate);
  // Longer than is wanted: the last sentence is said to its end.
  const samples = new Float32Array(wanted + LONGEST_SENTENCE_SECONDS * sampleRate);
  const onPhone = random.next() < 0.3 ? hosts.at(-1) : undefined;
  let at = 0;
  while (at < wanted) {
    const host = random.pick(hosts);
    const said = scaleToLevel(await sayer.say(sayTalk(random), host), SPEECH_LEVEL);
    if (host === onPhone) {
      filterInPlace(said, { kind: "highpass", frequency: 300, sampleRate });
      filterInPlace(said, { kind: "lowpass", frequency: 3300, sampleRate });
    }
    mixInto(samples, said, at);
    // Below 0, the next one begins before this one has ended.
    at += Math.max(1, said.length + Math.round(random.uniform(-0.4, 0.9) * sampleRate));
    if (random.next() < 0.06) {
      mixInto(samples, scaleToLevel(synthesizeLaugh(random, { sampleRate }), 0.08), at);
    }
    if (random.next() < 0.03) at += Math.round(2 * sampleRate);
  }
  if (random.next() < 0.3) {
    const bed = createMusic(random.fork("bed"), { sampleRate }).render(Math.min(at, 20 * sampleRate));
    mixInto(samples, fadeOut(scaleToLevel(bed, SPEECH_LEVEL)), 0, decibelsToRatio(-14));
  }
  return samples.slice(0, at);
}

/** Lets the last half a second fade, in place. */
function fadeOut(samples: Float32Array): Float32Array {
  const length = Math.min(samples.length, 10_000);
  for (let n = 1; n <= length; n++) samples[samples.length - n]! *= n / length;
  return samples;
}

/** Parts one after the other as segments; those of content that touch are one, advertisements stay apart by their kind. */
function truthOf(
  parts: readonly { readonly samples: Float32Array; readonly ad?: RecordedAd }[],
  sampleRate: number,
): EpisodePart[] {
  const segments: EpisodePart[] = [];
  let at = 0;
  for (const { samples, ad } of parts) {
    const onset = samplesToSeconds(at, sampleRate);
    const offset = samplesToSeconds(at += samples.length, sampleRate);
    const last = segments.at(-1);
    if (last && !ad && last.label === "content") segments[segments.length - 1] = { ...last, offset };
    else segments.push({ onset, offset, label: ad ? "ad" : "content", ...(ad && { kind: ad.kind }) });
  }
  return segments;
}
