/**
 * Listens to a playlist until it is killed, and prints a line for each segment; a process of its own, so that a test can
 * kill it. Argument: address of the playlist.
 */
import { openLiveSound } from "lib/live/live_sound.ts";
import { systemClock } from "lib/system/clock.ts";
import { createRandom } from "lib/system/random.ts";

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
