import assert from "node:assert/strict";
import { join } from "node:path";
import { prepareSearch } from "lib/work/search/prepare_search.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import type { FoundInRecording } from "lib/work/search/search_recording.ts";
import { searchRecordings } from "lib/work/search/search_recordings.ts";
import { planTargets } from "lib/work/search/targets.ts";
import { TONES, withToneModel } from "tests/learning/detect/with_tone_model.ts";

Deno.test("searchRecordings() tells of each recording, and one that fails does not cost the others", async () => {
  await withToneModel(async ({ folder, modelDir, recording }) => {
    const { search, ...facts } = await prepareSearch({ model: [modelDir] });
    const paths = [join(folder, "gone.wav"), recording];
    const targets = await planTargets(paths.map((path) => fileRecording(path)), join(folder, "found"));
    const run = async (signal?: AbortSignal) => {
      const told: string[] = [];
      let found: FoundInRecording | undefined;
      const options = { ...facts, signal, formats: ["csv", "audacity"] as const, jobs: 1 };
      for await (const news of searchRecordings(targets, search, options)) {
        const { kind, target: { name } } = news;
        if (kind === "found") ({ found } = news);
        if (kind === "failed") told.push(`${name}: ${(news.error as Error).name}`);
        else if (kind === "events") told.push(...news.events.map(({ label }) => `${name}: ${label}`));
        else if (kind !== "progress") told.push(`${name}: ${kind}`);
      }
      return { told, found };
    };
    const first = await run();
    assert.deepEqual(first.told, [
      "gone: started",
      "gone: AudioError",
      "tones: started",
      ...TONES.map(({ label }) => `tones: ${label}`),
      "tones: found",
    ]);
    assert.deepEqual(first.found?.files, ["events.csv", "events.audacity.txt"]);
    assert.deepEqual([first.found?.upToDate, first.found?.notes, first.found?.failures], [false, [], []]);
    assert(first.found!.events.every(({ recording: name }) => name === recording));

    const second = await run();
    assert.deepEqual(second.told.slice(2), ["tones: started", "tones: found"], "nothing is searched again");
    assert.equal(second.found?.upToDate, true);
    assert.deepEqual(second.found?.events, first.found?.events);

    const stopped = new AbortController();
    stopped.abort();
    assert.deepEqual((await run(stopped.signal)).told, []);
    await search.close();
  });
});

Deno.test("searchRecordings() begins no other recording when its loop is left", async () => {
  await withToneModel(async ({ folder, modelDir, recording }) => {
    const { search, ...facts } = await prepareSearch({ model: [modelDir] });
    const names = ["a", "b", "c"];
    for (const name of names) await Deno.copyFile(recording, join(folder, `${name}.wav`));
    const recordings = names.map((name) => fileRecording(join(folder, `${name}.wav`)));
    const targets = await planTargets(recordings, join(folder, "found"));
    for await (const { kind } of searchRecordings(targets, search, { ...facts, formats: ["csv"], jobs: 1 })) {
      if (kind === "found") break;
    }
    await search.close();
    assert.deepEqual([...Deno.readDirSync(join(folder, "found"))].map(({ name }) => name), ["a"]);
  });
});

Deno.test("prepareSearch() refuses choices that contradict each other, as errors of their own class", async () => {
  const wrong = [
    [{ sound: ["burp"], event: ["burp"] }, /--sound and --event say the same/],
    [{ like: ["a.wav"], pad: 1 }, /--like .* takes no --pad/],
    [{ like: ["a.wav"], event: ["a", "b"] }, /--like finds one sound/],
    [{ template: "a.wav", mergeGap: 1 }, /--template .* takes no --merge-gap/],
    [{ template: "a.wav", consecutive: 5 }, /--consecutive cannot be above --slice-overlap, which is 4/],
    [{ model: ["models/burp"], event: ["bark"] }, /--event bark is unknown to the model, which knows burp/],
  ] as const;
  for (const [choices, message] of wrong) {
    await assert.rejects(prepareSearch(choices), { name: "SearchChoiceError", message });
  }
});
