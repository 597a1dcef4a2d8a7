import type { FoundEvent, SoundEvent } from "lib/base/events/sound_event.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import type { RecordingReport } from "lib/show/report/recording_report.ts";

const SAMPLE_RATE = 16_000;

/**
 * A report on a made-up recording of ten minutes: a hum over noise, with eleven pulse trains that stand for events. One
 * was missed, and two findings are false alarms.
 */
export function exampleRecording(): RecordingReport {
  const random = createRandom("example recording");
  const grid = { startTime: 0, period: 0.04 };
  const durationSeconds = 600;
  const scores = Float32Array.from(
    { length: durationSeconds / grid.period },
    () => 0.04 + 0.05 * random.next(),
  );
  const onsets = [31.2, 74.5, 128, 171.6, 233.3, 290.4, 352.7, 401.1, 455.9, 512.2, 571.5];
  const annotations = onsets.map((onset, index): SoundEvent => ({
    onset,
    offset: onset + 0.4 + 0.25 * (index % 4),
    label: "burp",
  }));
  const peak = (event: SoundEvent, height: number) => {
    const [first, last] = [Math.floor(event.onset / grid.period), Math.floor(event.offset / grid.period)];
    for (let t = first; t <= last; t++) {
      scores[t] = Math.max(
        scores[t]!,
        height * Math.sin(Math.PI * (t - first + 0.5) / (last - first + 1)) ** 0.5,
      );
    }
  };
  annotations.forEach((event, index) => peak(event, index === 6 ? 0.38 : 0.72 + 0.025 * index));
  const wrong = [{ onset: 205.4, offset: 205.9, label: "burp" }, {
    onset: 480.3,
    offset: 481,
    label: "burp",
  }];
  wrong.forEach((event) => peak(event, 0.63));
  const events = [...annotations.filter((_, index) => index !== 6), ...wrong]
    .toSorted((a, b) => a.onset - b.onset)
    .map(({ onset, offset, label }): FoundEvent => ({
      onset: onset + 0.03,
      offset: offset - 0.02,
      label,
      score: Math.round(
        100 *
          scores.subarray(Math.floor(onset / 0.04), Math.ceil(offset / 0.04)).reduce((a, b) =>
            Math.max(a, b)
          ),
      ) / 100,
      recording: 'stream <b>&"quoted".mp4',
      url: `https://www.twitch.tv/videos/123?t=0h${Math.floor(onset / 60)}m${Math.floor(onset % 60)}s`,
    }));
  return {
    title: 'Burps in <b>&"quoted"</b> <script>alert(1)</script>',
    recording: 'C:\\videos\\stream <b>&"quoted".mp4',
    durationSeconds,
    modelName: "models/burp",
    threshold: 0.5,
    grid,
    scores,
    events,
    annotations,
    clipSamples: (event) => {
      const start = Math.max(0, event.onset - 1);
      const samples = new Float32Array(Math.round((event.offset + 1 - start) * SAMPLE_RATE));
      let phase = 0;
      for (let n = 0; n < samples.length; n++) {
        const time = start + n / SAMPLE_RATE;
        samples[n] = 0.004 * random.normal() + 0.02 * Math.sin(2 * Math.PI * 180 * time);
        if (time < event.onset || time > event.offset) continue;
        const share = (time - event.onset) / (event.offset - event.onset);
        const pulseRate = 110 - 60 * share;
        phase += (pulseRate + 25 * random.normal()) / SAMPLE_RATE;
        // Each pulse rings at two resonances that fall in the course of the event.
        const since = (phase - Math.floor(phase)) / pulseRate;
        const ring = (hz: number) =>
          Math.exp(-220 * since) * Math.sin(2 * Math.PI * hz * (1 - 0.3 * share) * since);
        samples[n]! += 0.6 * Math.sin(Math.PI * share) ** 0.5 *
          (ring(480) + 0.5 * ring(1350) + 0.15 * ring(2900));
      }
      return Promise.resolve({ samples, sampleRate: SAMPLE_RATE, start });
    },
  };
}
