import assert from "node:assert/strict";
import { synthesizeChat } from "lib/learning/synthesis/chatters.ts";
import { planEvents, synthesizeStream } from "lib/learning/synthesis/stream.ts";
import { gatherBlocks } from "lib/media/audio/gather_blocks.ts";
import { runContest } from "lib/work/harvest/mention_contest.ts";
import { HARVEST_RATE, type RecordingSound } from "lib/work/harvest/recording_sound.ts";
import { plantedRecording } from "tests/work/harvest/planted_recording.ts";

async function synthesize(
  seed: string,
): Promise<{ recording: RecordingSound; truth: Parameters<typeof runContest>[2] }> {
  const durationSeconds = 300;
  // Where the burp is always the loudest sound, taking the loudest cannot be wrong.
  const events = planEvents({ durationSeconds, seed, count: 8, snrDecibels: [-3, 9] });
  const stream = synthesizeStream({ durationSeconds, seed, events, sampleRate: HARVEST_RATE });
  const samples = await gatherBlocks(stream.blocks);
  return { recording: plantedRecording({ samples, silent: [] }), truth: stream.truth };
}

Deno.test("the first candidate of a mention is right more often than the loudest sample", async () => {
  const sums = { mentions: 0, first: 0, five: 0, loudest: 0 };
  for (const seed of ["a", "b", "c", "d"]) {
    const { recording, truth } = await synthesize(seed);
    for (let crowd = 0; crowd < 3; crowd++) {
      const chat = synthesizeChat(truth, {
        seed: `${seed} ${crowd}`,
        durationSeconds: 300,
        falseAlarmsPerHour: 12,
        bot: "burp_bot",
      });
      const result = await runContest(recording, chat, truth, { command: "!burp", minProbability: 0.4 });
      sums.mentions += result.mentions;
      sums.first += result.first.right;
      sums.five += result.anyOfFive.right;
      sums.loudest += result.loudest.right;
    }
  }
  assert(sums.mentions > 30);
  assert(sums.first > 1.1 * sums.loudest, Deno.inspect(sums));
  assert(sums.five > 0.8 * sums.mentions, Deno.inspect(sums));
});

Deno.test("runContest() counts places given, places right and events found", async () => {
  const { recording, truth } = await synthesize("a");
  const [event] = truth;
  const time = Math.floor(event!.onset + 6);
  const chat = [
    { time, userName: "anna", message: "!burp" },
    { time: 5000, userName: "ben", message: "!burp" }, // long after the end
  ];
  const result = await runContest(recording, chat, truth, { command: "!burp", minProbability: 0 });
  assert.deepEqual([result.events, result.mentions, result.answerable], [8, 2, 1]);
  assert.equal(result.first.given, 1);
  assert.equal(result.first.precision, result.first.right);
  assert.equal(result.first.recall, result.first.right / 8);
});
