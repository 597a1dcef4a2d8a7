import { createRandom } from "lib/base/numbers/random.ts";
import { createEarlyDetector, type EarlyDetectorOptions } from "lib/learning/detect/early_detector.ts";
import type { Hearing } from "lib/learning/detect/hearing.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import { type ModelPackage, openPackage } from "lib/learning/model_package/open_package.ts";
import type { LiveItem, LiveSound } from "lib/work/live/live_item.ts";
import type { LiveStream } from "lib/work/live/live_item.ts";
import { type LiveSoundOptions, openLiveSound } from "lib/work/live/live_sound.ts";
import type { LiveSource } from "lib/work/live/live_source.ts";
import { type Broadcast, type FakeLive, startFakeLive } from "tests/fakes/live_server.ts";
import { createWorkClock, holdingFetch, type WorkClock } from "tests/fakes/work_clock.ts";
import { TONE_RATE } from "tests/work/live/live_media.ts";
import { writeToneModel } from "tests/learning/model_package/tone_model.ts";

/** An event that was heard, and when. */
export interface Heard {
  readonly hearing: Extract<Hearing, { readonly kind: "heard" }>;
  /** On the clock's `monotonicMs()`. */
  readonly atMs: number;
  /** The broadcaster's clock at its onset, in milliseconds since 1970. */
  readonly wallClockMs: number | undefined;
}

/** A live stream, a listener and a detector, on a clock that waits for none of them. */
export interface Listening {
  readonly clock: WorkClock;
  readonly live: FakeLive;
  readonly stream: LiveStream;
  readonly items: LiveItem[];
  readonly heard: Heard[];
  readonly hearings: Hearing[];
  /** Waits until a time of the clock's `monotonicMs()`. */
  until(ms: number): Promise<void>;
}

/** How a listening is set up. */
export interface ListeningOptions extends Partial<Omit<LiveSoundOptions, "clock">> {
  /** On the air from the beginning, and for so many seconds before it. */
  readonly broadcast?: Broadcast;
  readonly ago?: number;
  /** Default: the channel. */
  readonly source?: (live: FakeLive) => LiveSource;
  readonly model?: ModelPackage;
  readonly detection?: EarlyDetectorOptions;
  /** Stands between the stream and the detector. */
  readonly between?: (items: AsyncIterable<LiveItem>) => AsyncIterable<LiveItem>;
  readonly wrapFetch?: (inner: typeof fetch) => typeof fetch;
  /** The clock waits so many real milliseconds for a decoder that gives nothing; default 6000. */
  readonly patienceMs?: number;
  /** Keeps the samples of the items; they are many. */
  readonly keepSamples?: boolean;
}

/** Listens while `check` runs, and takes everything down after it. */
export async function whileListening(
  options: ListeningOptions,
  check: (listening: Listening) => Promise<void>,
): Promise<void> {
  const { source, model, detection, between = (items) => items, wrapFetch = (inner) => inner, ...rest } =
    options;
  const clock = createWorkClock();
  await using live = startFakeLive(clock);
  if (options.broadcast) live.begin(options.broadcast, options.ago ?? 10);
  const stop = new AbortController();
  const stream = openLiveSound(
    source?.(live) ?? { kind: "channel", channel: "somebody", access: live.access },
    {
      sampleRate: model ? soundFeatures(model.manifest).sampleRate : TONE_RATE,
      clock,
      random: createRandom("listening"),
      fetch: holdingFetch(clock, wrapFetch(fetch)),
      signal: stop.signal,
      ...rest,
    },
  );
  const detector = await createEarlyDetector(model ?? await toneModel(), { earlyMargin: 0, ...detection });
  const items: LiveItem[] = [];
  const hearings: Hearing[] = [];
  const heard: Heard[] = [];
  async function* sounds(): AsyncGenerator<LiveSound> {
    for await (const item of between(stream)) {
      items.push(
        item.kind === "sound" && !options.keepSamples ? { ...item, samples: new Float32Array(0) } : item,
      );
      if (item.kind === "sound") yield item;
    }
  }
  let failure: unknown;
  const work = (async () => {
    for await (const hearing of detector.listen(sounds())) {
      if (hearing.kind === "scored") continue;
      hearings.push(hearing);
      if (hearing.kind !== "heard") continue;
      const place = stream.locate(hearing.event.onset);
      heard.push({ hearing, atMs: clock.monotonicMs(), wallClockMs: place?.wallClockMs });
    }
  })().catch((error) => void (failure = stop.signal.aborted ? undefined : error));
  const ticking = clock.run(
    stop.signal,
    decoderWatch(() => stream.health().undecodedSeconds, options.patienceMs),
  );
  try {
    await check({
      clock,
      live,
      stream,
      items,
      heard,
      hearings,
      async until(ms) {
        await clock.sleep(ms - clock.monotonicMs());
        if (failure) throw failure;
      },
    });
  } finally {
    stop.abort();
    await work;
    await ticking;
    await detector.close();
  }
}

/** Whether the decoder has work. What it kept for long is not waited for again: it was lost in damaged media. */
function decoderWatch(undecoded: () => number, patienceMs = 6000): () => boolean {
  let lost = 0;
  let last = 0;
  let changedMs = performance.now();
  return () => {
    const seconds = undecoded();
    if (seconds !== last) changedMs = performance.now();
    last = seconds;
    lost = Math.min(lost, seconds);
    if (seconds - lost <= 0.5) return false;
    if (performance.now() - changedMs < patienceMs) return true;
    lost = seconds;
    return false;
  };
}

/** A model that knows the tones of {@link toneMedia}. */
export async function toneModel(): Promise<ModelPackage> {
  const folder = await Deno.makeTempDir();
  try {
    await writeToneModel(`${folder}/tone`, { eventNames: ["low"] });
    return await openPackage(`${folder}/tone`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
