import assert from "node:assert/strict";
import type { LiveItem } from "lib/work/live/live_item.ts";
import { planFaults, type StreamFault } from "tests/work/live/fault_plan.ts";
import { listenThroughFaults } from "tests/work/live/fault_run.ts";
import { scaled, tellFigure } from "tests/long_run.ts";
import { hasProgram } from "tests/requirements.ts";

const ignore = !(await hasProgram("ffmpeg"));

Deno.test({
  name: "openLiveSound() comes back by itself after every fault, with true times, and hears nothing twice",
  ignore,
  async fn() {
    const faults = planFaults(scaled({ usual: 20, long: 200 }), "stream faults");
    const { resumed, misplaced, twice, missed, found, expected } = await listenThroughFaults(faults);
    const delays = resumed.map((seconds) => seconds ?? Infinity).toSorted((a, b) => a - b);
    const median = delays[Math.floor(delays.length / 2)]!;
    const late = delays[Math.ceil(delays.length * 0.95) - 1]!;
    tellFigure(
      `${faults.length} stream faults: resumed after ${median.toFixed(1)} s (median), ${
        late.toFixed(1)
      } s (95 %), ` +
        `${
          delays.at(-1)!.toFixed(1)
        } s (longest); ${found} events, ${missed.length} of ${expected} missed, ` +
        `${misplaced.length} misplaced, ${twice.length} twice`,
    );
    assert.deepEqual(
      faults.filter((_, i) => resumed[i] === undefined).map(({ kind, start }) => `${kind} at ${start}`),
      [],
      "recovered unaided",
    );
    assert(median <= 5, `median ${median}`);
    assert(late <= 35, `95th percentile ${late}`);
    assert.deepEqual(misplaced, []);
    assert.deepEqual(twice, []);
    assert.deepEqual(missed, [], `of ${expected}`);
  },
});

Deno.test({
  name: "the check of stream faults catches a listener that does not account for gaps",
  ignore,
  async fn() {
    const faults = planFaults(10, "seams off").map((fault): StreamFault => ({
      ...fault,
      kind: "5xx",
      seconds: 90,
    }))
      .map((fault, i) => ({ ...fault, start: 20 + i * 150 })).slice(0, 2);
    /** Puts all sound end to end, as if nothing were missing. */
    async function* seamless(items: AsyncIterable<LiveItem>): AsyncGenerator<LiveItem> {
      let time = 0;
      let began: number | undefined;
      for await (const item of items) {
        if (item.kind !== "sound") continue;
        began ??= item.streamTime;
        yield { ...item, streamTime: began + time, gapSeconds: 0 };
        time += item.samples.length / 8000;
      }
    }
    const { misplaced, missed } = await listenThroughFaults(faults, { between: seamless });
    assert(misplaced.length + missed.length > 0, "a broken listener was not noticed");
  },
});
