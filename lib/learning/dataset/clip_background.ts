import { secondsToSamples } from "lib/base/events/time_grid.ts";
import { type Background, type BackgroundStretch } from "lib/learning/dataset/background.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";

/** Stretches are about as long as those that are held back of recordings, in seconds. */
const STRETCH_SECONDS = 30;
/** More tells hardly more, and takes longer to search. */
const MAX_SECONDS = 1200;
/** Clips fade in and out, in seconds: a click where two meet would be a sound that neither of them holds. */
const FADE_SECONDS = 0.01;

/** Clips without the event, one after the other as they are, to measure on where no recording is. */
export function clipBackground(clips: readonly Clip[], sampleRate: number): Background {
  const most = secondsToSamples(MAX_SECONDS, sampleRate);
  const total = clips.reduce((sum, { samples }) => sum + samples.length, 0);
  const samples = new Int16Array(new SharedArrayBuffer(2 * Math.min(total, most)));
  const fade = secondsToSamples(FADE_SECONDS, sampleRate);
  const stretches: BackgroundStretch[] = [];
  let [start, at] = [0, 0];
  const close = (): void => {
    if (at > start) stretches.push({ recording: "clips", onset: start / sampleRate, start, end: at });
    start = at;
  };
  for (const clip of clips) {
    if (at === samples.length) break;
    const own = clip.samples.subarray();
    for (let n = 0; n < own.length && at < samples.length; n++, at++) {
      const gain = Math.min(1, (n + 1) / fade, (own.length - n) / fade);
      samples[at] = Math.max(-32768, Math.min(32767, Math.round(32768 * gain * own[n]!)));
    }
    if (at - start >= secondsToSamples(STRETCH_SECONDS, sampleRate)) close();
  }
  close();
  return { samples, stretches };
}
