import assert from "node:assert/strict";
import { join } from "node:path";
import { prepareSearch } from "lib/work/search/prepare_search.ts";
import { fileRecording } from "lib/work/search/recordings.ts";
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
      await searchRecordings(targets, search, {
        ...facts,
        signal,
        formats: ["csv", "audacity"],
        jobs: 1,
        follow: ({ name }) => ({
          onEvents: (events) => void told.push(...events.map(({ label }) => `${name}: ${label}`)),
          onFound: (value) => {
            told.push(`${name}: found`);
            found = value;
          },
          onError: (error) => void told.push(`${name}: ${(error as Error).name}`),
          onEnd: () => void told.push(`${name}: end`),
        }),
      });
      return { told, found };
    };
    const first = await run();
    assert.deepEqual(first.told, [
      "gone: AudioError",
      "gone: end",
      ...TONES.map(({ label }) => `tones: ${label}`),
      "tones: found",
      "tones: end",
    ]);
    assert.deepEqual(first.found?.files, ["events.csv", "events.audacity.txt"]);
    assert.deepEqual([first.found?.upToDate, first.found?.notes, first.found?.failures], [false, [], []]);
    assert(first.found!.events.every(({ recording: name }) => name === recording));

    const second = await run();
    assert.deepEqual(second.told.slice(2), ["tones: found", "tones: end"], "nothing is searched again");
    assert.equal(second.found?.upToDate, true);
    assert.deepEqual(second.found?.events, first.found?.events);

    const stopped = new AbortController();
    stopped.abort();
    assert.deepEqual((await run(stopped.signal)).told, []);
    await search.close();
  });
});

Deno.test("prepareSearch() refuses choices that contradict each other, as errors of their own class", async () => {
  const wrong = [
    [{ sound: ["burp"], event: ["burp"] }, /--sound and --event say the same/],
    [{ like: ["a.wav"], pad: 1 }, /--like .* takes no pad/],
    [{ like: ["a.wav"], event: ["a", "b"] }, /--like finds one sound/],
    [{ template: "a.wav", mergeGap: 1 }, /--template .* takes no mergeGap/],
    [{ template: "a.wav", consecutive: 5 }, /--consecutive cannot be above --slice-overlap, which is 4/],
    [{ model: ["models/burp"], event: ["bark"] }, /--event bark is unknown to the model, which knows burp/],
  ] as const;
  for (const [choices, message] of wrong) {
    await assert.rejects(prepareSearch(choices), { name: "SearchChoiceError", message });
  }
});
