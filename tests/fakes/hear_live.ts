/**
 * Listens to a playlist until it is killed, and prints a line for each segment; a process of its own, so that a test can
 * kill it. Argument: address of the playlist.
 */
import { createRandom } from "lib/base/numbers/random.ts";
import { systemClock } from "lib/base/system/clock.ts";
import { openLiveSound } from "lib/work/live/live_sound.ts";

const [url = ""] = Deno.args;
const stream = openLiveSound({ kind: "playlist", url }, {
  sampleRate: 16_000,
  fetch,
  clock: systemClock,
  random: createRandom("hear"),
});
for await (const item of stream) {
  if (item.kind === "sound" && item.endsSegment) {
    Deno.stdout.writeSync(new TextEncoder().encode(`${item.sequence}\n`));
  }
}
