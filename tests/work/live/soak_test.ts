import assert from "node:assert/strict";
import { toneMedia } from "tests/work/live/live_media.ts";
import { whileListening } from "tests/work/live/listening.ts";
import { scaled, tellFigure } from "tests/long_run.ts";
import { hasProgram } from "tests/requirements.ts";

const ignore = Deno.build.os !== "linux" || !(await hasProgram("ffmpeg"));

Deno.test({
  name: "listening for long takes no more memory and no more handles",
  ignore,
  async fn() {
    const { segments } = await toneMedia(180);
    const hours = Number(Deno.env.get("BURP_FINDER_SOAK_HOURS") ?? scaled({ usual: 0.2, long: 24 }));
    const warmUp = hours / 4;
    const steps = 24;
    const points: { hour: number; megabytes: number; heap: number; handles: number }[] = [];
    const began = performance.now();
    let events = 0;
    await whileListening({ broadcast: { media: segments, prefetch: true } }, async (listening) => {
      for (let step = 1; step <= steps; step++) {
        const hour = hours * step / steps;
        for (let at = hours * (step - 1) / steps; at < hour; at += 0.05) {
          await listening.until(Math.min(hour, at + 0.05) * 3_600_000);
          events += listening.heard.splice(0).length;
          listening.items.splice(0);
          listening.hearings.splice(0);
        }
        const { rss, heapUsed, external } = Deno.memoryUsage();
        points.push({
          hour,
          megabytes: rss / 2 ** 20,
          heap: (heapUsed + external) / 2 ** 20,
          handles: await openFiles(),
        });
      }
      assert(listening.stream.health().heardSeconds > 0.99 * hours * 3600 - 10);
      assert.equal(listening.stream.health().missedSeconds, 0);
    });
    const warm = points.filter(({ hour }) => hour >= warmUp);
    const slope = slopeOf(warm, ({ megabytes }) => megabytes);
    const half = points.filter(({ hour }) => hour >= hours / 2);
    const speed = hours * 3_600_000 / (performance.now() - began);
    const handles = warm.map((point) => point.handles);
    tellFigure(
      `soak of ${hours} h at ${speed.toFixed(0)} times speed: ${
        slope.toFixed(2)
      } MB per hour after ${warmUp} h, ` +
        `${warm[0]!.megabytes.toFixed(0)} to ${warm.at(-1)!.megabytes.toFixed(0)} MB, ` +
        `handles ${Math.min(...handles)} to ${Math.max(...handles)}, ${events} events`,
    );
    // A leak goes on in the second half; an allocator that settles does not.
    tellFigure(
      `second half: ${slopeOf(half, ({ megabytes }) => megabytes).toFixed(2)} MB per hour of the process, ${
        slopeOf(half, ({ heap }) => heap).toFixed(2)
      } of what JavaScript holds (${points.map(({ heap }) => heap.toFixed(0)).join(" ")}; process ${
        points.map(({ megabytes }) => megabytes.toFixed(0)).join(" ")
      })`,
    );
    assert(events > hours * 500, `${events} events`);
    // A decoder that is being started or ended has some more for a moment.
    assert(Math.max(...handles) - Math.min(...handles) <= 8, `handles ${handles}`);
    // In a short run the heap's own breathing is steeper than any leak.
    if (hours >= 3) assert(slope <= 1, `${slope} MB per hour`);
  },
});

async function openFiles(): Promise<number> {
  return (await Array.fromAsync(Deno.readDir("/proc/self/fd"))).length;
}

interface Hourly {
  readonly hour: number;
}

/** Growth an hour, by least squares. */
function slopeOf<T extends Hourly>(points: readonly T[], value: (point: T) => number): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(points.map(({ hour }) => hour)), mean(points.map(value))];
  const covariance = points.reduce((sum, point) => sum + (point.hour - mx) * (value(point) - my), 0);
  return covariance / points.reduce((sum, { hour }) => sum + (hour - mx) ** 2, 0);
}
