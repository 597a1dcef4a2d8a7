import assert from "node:assert/strict";
import { join } from "node:path";
import { readFoundEvents } from "lib/work/search/found_events.ts";
import { writeSearchRecord } from "lib/work/search/search_record.ts";

Deno.test("readFoundEvents() takes events from the record of a search that wrote no CSV, and else as they are there", async () => {
  const root = await Deno.makeTempDir();
  try {
    const event = { onset: 1, offset: 2, label: "burp", score: 0.75 };
    const record = {
      recording: "show.wav",
      fingerprint: { size: 1, sha256: "x" },
      search: { kind: "frames" },
      duration: 8,
      warnings: [],
      events: [event],
      files: {},
      earlierFiles: {},
      finished: true,
    };
    for (const name of ["edited", "empty", "vtt"]) {
      await Deno.mkdir(join(root, name));
      await writeSearchRecord(join(root, name), record);
    }
    await Deno.writeTextFile(join(root, "edited/events.csv"), "recording,onset,offset\nshow.wav,3,4\n");
    await Deno.writeTextFile(join(root, "empty/events.csv"), "recording,onset,offset\n");
    await Deno.writeTextFile(join(root, "search.json"), "{}");
    const found = await readFoundEvents(root);
    assert.deepEqual(found.map(({ rows }) => rows.map(({ onset }) => onset)), [[3], [], [1]]);
    assert.deepEqual(found[2]!.rows, [{ ...event, recording: "show.wav" }]);
    assert.equal(found[2]!.record?.duration, 8);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
