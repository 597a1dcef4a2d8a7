import type { LiveItem } from "lib/work/live/live_item.ts";
import { answerOf, type StreamFault } from "tests/work/live/fault_plan.ts";
import { type Listening, type ListeningOptions, whileListening } from "tests/work/live/listening.ts";
import { TONE_SECONDS, toneMedia } from "tests/work/live/live_media.ts";

/** What came of a run of faults. */
export interface FaultOutcome {
  /** Seconds from the end of each fault to the next sound; nothing where none came within two minutes. */
  readonly resumed: readonly (number | undefined)[];
  /** Events that are no tone, nor the rest of one that a gap has cut, to a quarter of a second. */
  readonly misplaced: readonly string[];
  readonly twice: readonly string[];
  readonly found: number;
  /** Tones of the time without faults. */
  readonly expected: number;
  /** Each with what the listener told at that time. */
  readonly missed: readonly string[];
}

/** Listens to a broadcast during which things go wrong, one after the other. */
export async function listenThroughFaults(
  faults: readonly StreamFault[],
  options: Partial<ListeningOptions> = {},
): Promise<FaultOutcome> {
  const { segments, onsets, seconds: round } = await toneMedia(180);
  const soundAt: number[] = [];
  const told: { readonly at: number; readonly text: string }[] = [];
  let nowMs = () => 0;
  let outcome: FaultOutcome | undefined;
  let current: StreamFault | undefined;
  async function* timed(items: AsyncIterable<LiveItem>): AsyncGenerator<LiveItem> {
    for await (const item of options.between?.(items) ?? items) {
      if (item.kind === "sound" && item.samples.length > 0) soundAt.push(nowMs() / 1000);
      if (item.kind === "notice") told.push({ at: nowMs() / 1000, text: item.text });
      yield item;
    }
  }
  await whileListening({
    ...options,
    broadcast: { media: segments, prefetch: true },
    between: timed,
    wrapFetch: (inner) => (input, init) => {
      if (current?.kind === "dns") {
        return Promise.reject(new TypeError("dns error: failed to lookup address"));
      }
      return inner(input, init);
    },
  }, async ({ clock, live, heard, until }: Listening) => {
    const beganMs = clock.now() - clock.monotonicMs() - 10_000;
    nowMs = () => clock.monotonicMs();
    let nth = 0;
    live.fault = () => current && answerOf(current, nth++);
    for (const fault of faults) {
      await until(fault.start * 1000);
      current = fault;
      if (fault.kind === "clock-jump") clock.jump(fault.jumpMs);
      if (fault.kind === "403") live.permission = `since ${fault.start}`;
      await until((fault.start + fault.seconds) * 1000);
      current = undefined;
    }
    const end = faults.at(-1)!.start + faults.at(-1)!.seconds + 60;
    await until(end * 1000);
    const times = heard.map(({ wallClockMs }) => (wallClockMs! - beganMs) / 1000).toSorted((a, b) => a - b);
    const isTone = (time: number, length: number) =>
      onsets.some((onset) => {
        const begin = time % round - onset;
        return begin >= -0.25 && begin + length <= TONE_SECONDS + 0.25;
      });
    // What was played while nothing was wrong, and long enough before and after, must all be found.
    const calm = (time: number) =>
      time > 12 && time < end + 5 &&
      faults.every(({ start, seconds }) => time < start + 5 || time > start + seconds + 10 + 36);
    const expected: number[] = [];
    for (let begin = 0; begin < end + 10; begin += round) {
      expected.push(...onsets.map((onset) => begin + onset).filter(calm));
    }
    outcome = {
      resumed: faults.map(({ start, seconds }) => {
        const back = start + seconds;
        const next = soundAt.find((time) => time >= back);
        return next === undefined || next - back > 120 ? undefined : next - back;
      }),
      misplaced: heard.filter(({ wallClockMs, hearing: { event } }) =>
        !isTone((wallClockMs! - beganMs) / 1000, event.offset - event.onset)
      ).map(({ wallClockMs, hearing: { event } }) =>
        `${((wallClockMs! - beganMs) / 1000).toFixed(2)} for ${(event.offset - event.onset).toFixed(2)} s`
      ),
      twice: times.filter((time, i) => i > 0 && time - times[i - 1]! < 1).map((time) => time.toFixed(2)),
      found: times.length,
      expected: expected.length,
      missed: expected.filter((time) => !times.some((found) => Math.abs(found - time) <= 0.3))
        .map((time) => {
          // What is heard at some time was made ten seconds before the clock began, and comes some seconds late.
          const then = told.filter(({ at }) => Math.abs(at - (time - 10)) < 15).map(({ text }) => text);
          return `${time.toFixed(2)} (${then.join("; ") || "nothing was told"})`;
        }),
    };
  });
  return outcome!;
}
