import assert from "node:assert/strict";
import { toneMedia } from "tests/live/live_media.ts";
import { whileListening } from "tests/live/listening.ts";
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
    const points: { hour: number; megabytes: number; handles: number }[] = [];
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
        points.push({ hour, megabytes: Deno.memoryUsage().rss / 2 ** 20, handles: await openFiles() });
      }
      assert(listening.stream.health().heardSeconds > 0.99 * hours * 3600 - 10);
      assert.equal(listening.stream.health().missedSeconds, 0);
    });
    const warm = points.filter(({ hour }) => hour >= warmUp);
    const slope = slopeOf(warm.map(({ hour }) => hour), warm.map(({ megabytes }) => megabytes));
    const speed = hours * 3_600_000 / (performance.now() - began);
    const handles = warm.map((point) => point.handles);
    tellFigure(
      `soak of ${hours} h at ${speed.toFixed(0)} times speed: ${
        slope.toFixed(2)
      } MB per hour after ${warmUp} h, ` +
        `${warm[0]!.megabytes.toFixed(0)} to ${warm.at(-1)!.megabytes.toFixed(0)} MB, ` +
        `handles ${Math.min(...handles)} to ${Math.max(...handles)}, ${events} events`,
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

function slopeOf(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0);
  return covariance / x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
}
