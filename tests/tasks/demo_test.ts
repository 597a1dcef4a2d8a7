import assert from "node:assert/strict";
import { join } from "node:path";
import { readCsvEvents } from "lib/events/csv_events.ts";
import { createLogger } from "lib/system/logger.ts";
import { runDemo } from "tasks/demo/run_demo.ts";
import { writeToneModel } from "tests/model_package/tone_model.ts";

Deno.test("runDemo() writes stream, truth, chat, events, clips and report, and prints figures", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const model = join(folder, "model"), data = join(folder, "data");
    // Not a detector of burps, but a model: it hears whatever is loud around 300 Hz.
    await writeToneModel(model, { eventNames: ["burp"], level: 0.9 });
    const lines: string[] = [];
    const bar = { update() {}, setTotal() {}, stop() {} };
    const run = () =>
      runDemo({
        options: { model, minutes: 0.5, events: 3, seed: "test" },
        dataFolder: data,
        signal: new AbortController().signal,
        progress: { start: () => Promise.resolve(bar) },
        log: createLogger({ level: "error", write: (line) => void lines.push(line) }),
        print: (line) => void lines.push(line),
        printJson: () => {},
      });
    await run();
    const read = (...path: string[]) => Deno.readTextFile(join(data, ...path));
    const truth = readCsvEvents(await read("vods", "demo.csv"));
    assert.equal(truth.length, 3);
    assert.ok((await read("chats", "twitch-chat-demo.csv")).startsWith("time,user_name,message\n"));
    const found = readCsvEvents(await read("found", "demo", "events.csv"));
    assert.ok(found.length > 0, "something in half a minute is loud");
    for (const { clip } of found) assert.ok((await Deno.stat(clip!)).size > 44);
    assert.ok((await read("found", "demo", "report.html")).includes("Burps in a synthetic stream"));
    const text = lines.join("\n");
    assert.ok(text.includes(`3 annotated, ${found.length} found`));
    assert.ok(/onset within 1 s .*F1 \d\.\d{4}/.test(text));
    assert.equal(text.match(/right$|false alarm$/gm)?.length, found.length);

    await run(); // a second run replaces its own files
    assert.deepEqual(readCsvEvents(await read("found", "demo", "events.csv")), found);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
