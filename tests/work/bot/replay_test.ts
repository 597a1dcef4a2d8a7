import assert from "node:assert/strict";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { createLogger } from "lib/base/system/logger.ts";
import { createEarlyDetector } from "lib/learning/detect/early_detector.ts";
import { synthesizeChat } from "lib/learning/synthesis/chatters.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { writeReplayReport } from "lib/show/report/replay_report.ts";
import { replay } from "lib/work/bot/replay.ts";
import { replayFigures } from "lib/work/bot/replay_figures.ts";
import { describeReplay } from "lib/work/bot/replay_lines.ts";
import { botTimeline, replayPage } from "lib/work/bot/replay_page.ts";
import { DEFAULT_LIMITS } from "lib/work/bot/send_limits.ts";
import { frequencyOfBands, toneRecording } from "tests/learning/detect/tone_recording.ts";
import { withToneModel } from "tests/learning/detect/with_tone_model.ts";

const SECONDS = 150;
const ONSETS = [10.4, 21.4, 60.5, 100.3, 141.5];
const TRUTH: readonly SoundEvent[] = ONSETS.map((onset) => ({ onset, offset: onset + 0.8, label: "low" }));

/** A stream of tones with a chat about them, replayed to the bot. */
async function replayTones(
  check: (played: Awaited<ReturnType<typeof play>>, folder: string) => Promise<void>,
) {
  await withToneModel(async ({ folder, model }) => {
    const path = `${folder}/stream.wav`;
    const tones = TRUTH.map(({ onset, offset }) => ({ onset, offset, frequency: frequencyOfBands(0) }));
    await writeWav(path, toneRecording(SECONDS, tones), { sampleRate: 8000 });
    const detector = await createEarlyDetector(model, { events: ["low"] });
    try {
      await check(await play(path, detector), folder);
    } finally {
      await detector.close();
    }
  });
}

async function play(path: string, detector: Awaited<ReturnType<typeof createEarlyDetector>>) {
  const outcome = await replay({
    source: await openAudio(path, { sampleRate: 8000 }),
    messages: synthesizeChat(TRUTH, {
      seed: 4,
      durationSeconds: SECONDS,
      command: "!low",
      falseAlarmsPerHour: 0,
    }),
    recording: "stream",
    channel: "somebody",
    event: "low",
    command: "!low",
    hear: (blocks) => detector.listen(blocks),
    threshold: 0.5,
    limits: DEFAULT_LIMITS,
    log: createLogger({ level: "silent", write() {} }),
  });
  return { outcome, figures: replayFigures(outcome, TRUTH) };
}

Deno.test("replay() says what the bot would have said and when, with figures against people and annotations", () =>
  replayTones(async ({ figures, outcome }, folder) => {
    assert.equal(outcome.duration, SECONDS);
    assert.deepEqual(figures.detections.map(({ onset }) => Math.floor(onset)), ONSETS.map(Math.floor));
    // The second tone falls into the cooldown of the first one.
    assert.equal(figures.cooldownHits, 1);
    const answered = figures.messages.map(({ event }) => Math.floor(event!.onset));
    assert.deepEqual(answered, [10, 60, 100, 141]);
    for (const { time, event, delay } of figures.messages) {
      assert.ok(delay! >= 0 && delay! <= 2, `${delay} s after the sound`);
      assert.equal(time, event!.offset + delay!);
    }
    assert.deepEqual([figures.truth!.heardShare, figures.truth!.falseDetectionsPerHour], [1, 0]);
    assert.equal(figures.truth!.falseCommandsPerHour, 0);
    const { bursts, confirmedCommands } = figures.people!;
    assert.ok(bursts.length >= 3 && bursts.every(({ agreed }) => agreed));
    assert.ok(confirmedCommands >= 3);
    const lines = describeReplay(figures, "low").join("\n");
    assert.match(lines, /5 lows heard, 4 answered, 1 left unanswered/);
    assert.match(lines, /unanswered because the cooldown after another answer is not over \(1\)/);
    assert.match(lines, /people said so/);
    // Without a chat nothing is said about people.
    const alone = replayFigures({ ...outcome, hasChat: false });
    assert.ok(!/people/.test(describeReplay(alone, "low").join("\n")));
    assert.equal(botTimeline(alone, "stream").people, undefined);
    assert.equal(botTimeline(figures, "stream").said.length, 4);

    const page = `${folder}/replay.html`;
    await writeReplayReport(page, replayPage(figures, { recording: "stream", event: "low" }));
    const html = await Deno.readTextFile(page);
    for (
      const text of ["says !low", "the cooldown after another answer is not over", "Agreement with people"]
    ) {
      assert.ok(html.includes(text), text);
    }
  }));

Deno.test("replay() finds again the same as before", () =>
  replayTones(async ({ figures }, folder) => {
    const { openPackage } = await import("lib/learning/model_package/open_package.ts");
    const detector = await createEarlyDetector(await openPackage(`${folder}/model`), { events: ["low"] });
    const again = await play(`${folder}/stream.wav`, detector);
    await detector.close();
    assert.deepEqual(again.figures.messages, figures.messages);
    assert.deepEqual(again.figures.detections, figures.detections);
  }));
