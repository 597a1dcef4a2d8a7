import type { Clock } from "lib/base/system/clock.ts";
import type { LiveHealth, LiveItem, LivePlace, LiveSound, LiveState } from "lib/work/live/live_item.ts";

/** Keeps the figures of a live stream. */
interface HealthKeeper {
  note(item: LiveItem): void;
  health(undecodedSeconds: number): LiveHealth;
  locate(streamTime: number): LivePlace | undefined;
}

/** Places are kept for so long, in seconds. */
const PLACES_SECONDS = 900;

/** Makes a keeper. @param source What is listened to, for people. */
export function createHealthKeeper(source: string, sampleRate: number, clock: Clock): HealthKeeper {
  const startMs = clock.monotonicMs();
  const counts = { segments: 0, gaps: 0, stalls: 0, retries: 0, renewals: 0 };
  const seconds = { heard: 0, missed: 0, advertisements: 0 };
  const places: { readonly from: number; until: number; readonly place: LivePlace }[] = [];
  let state: LiveState = "connecting";
  let lastSoundMs: number | undefined;
  let delaySeconds: number | undefined;
  let lastProblem: string | undefined;

  const noteSound = (sound: LiveSound): void => {
    const { samples, streamTime, wallClockMs, arrivedAtMs, sequence, gapSeconds } = sound;
    const length = samples.length / sampleRate;
    state = "listening";
    lastSoundMs = clock.monotonicMs();
    seconds.heard += length;
    if (wallClockMs !== undefined) delaySeconds = (clock.now() - wallClockMs) / 1000 - length;
    const last = places.at(-1);
    if (last && last.place.sequence === sequence && gapSeconds === 0) {
      last.until = streamTime + length;
      return;
    }
    counts.segments++;
    const place = { arrivedAtMs, sequence, wallClockMs };
    places.push({ from: streamTime, until: streamTime + length, place });
    while (places[0]!.until < streamTime - PLACES_SECONDS) places.shift();
  };

  return {
    note(item) {
      if (item.kind === "sound") return noteSound(item);
      switch (item.what) {
        case "offline":
        case "ended":
          state = item.what;
          break;
        case "gap":
          counts.gaps++;
          seconds.missed += item.seconds ?? 0;
          break;
        case "stall":
          counts.stalls++;
          state = "retrying";
          lastProblem = item.text;
          break;
        case "retry":
          counts.retries++;
          state = "retrying";
          lastProblem = item.text;
          break;
        case "renewed":
          counts.renewals++;
          break;
        case "damaged":
          lastProblem = item.text;
          break;
        case "advertisement-begin":
          state = "advertisement";
          break;
        case "advertisement-end":
          seconds.advertisements += item.seconds ?? 0;
      }
    },
    health: (undecodedSeconds) => ({
      state,
      source,
      uptimeSeconds: (clock.monotonicMs() - startMs) / 1000,
      secondsSinceSound: lastSoundMs === undefined ? undefined : (clock.monotonicMs() - lastSoundMs) / 1000,
      heardSeconds: seconds.heard,
      missedSeconds: seconds.missed,
      advertisementSeconds: seconds.advertisements,
      ...counts,
      delaySeconds,
      undecodedSeconds,
      lastProblem,
    }),
    locate(streamTime) {
      const found = places.findLast(({ from, until }) => from <= streamTime && streamTime <= until + 0.1);
      if (!found) return undefined;
      const { wallClockMs } = found.place;
      const offsetMs = (streamTime - found.from) * 1000;
      return {
        ...found.place,
        ...(wallClockMs === undefined ? {} : { wallClockMs: wallClockMs + offsetMs }),
      };
    },
  };
}

/** Health in one line, for a terminal and the log. */
export function describeHealth(health: LiveHealth): string {
  const { state, source, heardSeconds, missedSeconds, advertisementSeconds, retries, delaySeconds } = health;
  const parts = [
    `${source}: ${state}`,
    `heard ${spanText(heardSeconds)}`,
    ...(missedSeconds > 0 ? [`missed ${spanText(missedSeconds)}`] : []),
    ...(advertisementSeconds > 0 ? [`advertisements ${spanText(advertisementSeconds)}`] : []),
    ...(retries > 0 ? [`${retries} tries again`] : []),
    ...(delaySeconds === undefined ? [] : [`${delaySeconds.toFixed(1)} s behind`]),
  ];
  return parts.join(", ");
}

function spanText(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
