import assert from "node:assert/strict";
import { join } from "node:path";
import { readCsvEvents } from "lib/base/events/csv_events.ts";
import { createLogger } from "lib/base/system/logger.ts";
import { createModelSearch } from "lib/learning/detect/search.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import { scoreEvents } from "lib/learning/evaluate/score_events.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { planEvents, synthesizeStream } from "lib/learning/synthesis/stream.ts";
import { writeStreamFiles } from "lib/learning/synthesis/stream_files.ts";
import { judgeEvents } from "lib/show/plots/judged_events.ts";
import { formatTime } from "lib/show/plots/time_axis.ts";
import { runDemo } from "tasks/demo/run_demo.ts";
import { writeToneModel } from "tests/learning/model_package/tone_model.ts";

Deno.test("runDemo() writes stream, truth, chat, events, clips and report, and prints figures", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const model = join(folder, "model"), data = join(folder, "demo");
    // Not a detector of burps, but a model: it hears whatever is not silent around 300 Hz.
    await writeToneModel(model, { eventNames: ["other", "burp"], level: 0.3 });
    const lines: string[] = [];
    const bar = { update() {}, setTotal() {}, stop() {} };
    const run = () =>
      runDemo({
        options: { model, minutes: 0.5, events: 3, seed: "test" },
        folder: data,
        signal: new AbortController().signal,
        progress: { start: () => Promise.resolve(bar) },
        log: createLogger({ level: "error", write: (line) => void lines.push(line) }),
        print: (line) => void lines.push(line),
        printJson: () => {},
      });
    await run();
    const read = (...path: string[]) => Deno.readTextFile(join(data, ...path));
    const truth = readCsvEvents(await read("demo.csv"));
    assert.equal(truth.length, 3);
    assert.ok(truth.every(({ label }) => label === "burp"), "of the sounds that it knows");
    assert.ok((await read("twitch-chat-demo.csv")).startsWith("time,user_name,message\n"));
    const found = readCsvEvents(await read("found", "demo", "events.csv"));
    assert.ok(found.length > 0, "something is heard in half a minute");
    for (const { clip } of found) assert.ok((await Deno.stat(clip!)).size > 44);
    assert.ok((await read("found", "demo", "report.html")).includes("Burps in a synthetic stream"));
    const text = lines.join("\n");
    assert.ok(text.includes(`3 annotated, ${found.length} found`));
    assert.ok(/onset within 1 s .*F1 \d\.\d{4}/.test(text));
    assert.equal(text.match(/^ +0:00:\d\d .*(right|false alarm)$/gm)?.length, found.length);
    const missed = judgeEvents(found, truth).missed.map(({ onset }) => formatTime(onset, 0));
    assert.ok(text.includes(`${3 - missed.length} of 3 burps found, ${missed.length} missed, `), text);
    if (missed.length > 0) assert.ok(text.includes(`Missed at ${missed.join(", ")}`), text);
    assert.ok(
      // After `deno`, or `npx … deno@…` where that started the tests.
      text.includes(` task label ${join(data, "demo.wav")} --found ${join(data, "found")} `),
      text,
    );

    await run(); // a second run replaces its own files
    assert.deepEqual(readCsvEvents(await read("found", "demo", "events.csv")), found);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("models/burp finds most of the louder synthetic burps, and little else", async () => {
  const planned = planEvents({ durationSeconds: 180, seed: "shipped", count: 14, snrDecibels: [6, 15] });
  const stream = synthesizeStream({ durationSeconds: 180, seed: "shipped", events: planned });
  const folder = await Deno.makeTempDir();
  try {
    const { recording } = await writeStreamFiles(join(folder, "stream.wav"), stream, {
      seed: "shipped",
      chatFolder: folder,
    });
    const search = createModelSearch([await openPackage("models/burp")]);
    const { events, duration } = await search.run(fileRecording(recording), {});
    await search.close();
    const score = scoreEvents(stream.truth, events, { duration });
    const { matched } = score.byCollar[1]!.counts;
    assert.ok(matched >= 7, `${matched} of 14 found`);
    assert.ok(score.falseAlarms <= 3, `at most one false alarm a minute, not ${score.falseAlarms} in three`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
