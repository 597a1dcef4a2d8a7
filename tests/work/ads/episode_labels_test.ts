import assert from "node:assert/strict";
import { join } from "node:path";
import { readEpisodeLabels } from "lib/work/ads/episode_labels.ts";

/** What is read of a file beside `one.mp3`, as `label onset-offset`. */
async function read(file: string, text: string, options: { beginsWith?: "ad" | "content" } = {}) {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(dir, file), text);
    const segments = await readEpisodeLabels(join(dir, "one.mp3"), { duration: 100, ...options });
    return segments?.map(({ label, onset, offset }) => `${label} ${onset}-${offset}`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("readEpisodeLabels() reads a segments.txt of a folder, with mm:ss and CR LF", async () => {
  const text = "[two]\r\n5 9\r\n\r\n[one]\r\n0:10 0:40\r\n";
  assert.deepEqual(await read("segments.txt", text, { beginsWith: "content" }), [
    "content 0-10",
    "ad 10-40",
    "content 40-100",
  ]);
  assert.deepEqual(await read("segments.txt", text), ["ad 0-10", "content 10-40", "ad 40-100"]);
});

Deno.test("readEpisodeLabels() joins ads that touch, and takes tables and Audacity labels", async () => {
  const expected = ["content 0-10", "ad 10-30", "content 30-100"];
  assert.deepEqual(await read("one.csv", "onset,offset,label\n20,30,ad\n10,20,ad\n"), expected);
  assert.deepEqual(await read("one.audacity.txt", "10\t30\tad\n50\t60\tmusic\n"), expected);
});

Deno.test("readEpisodeLabels() tells labels without an ad from no labels", async () => {
  assert.deepEqual(await read("one.csv", "onset,offset,label\n"), ["content 0-100"]);
  assert.equal(await read("other.csv", "onset,offset,label\n"), undefined);
  assert.equal(await read("segments.txt", "[two] ad\n5 9\n"), undefined);
});

Deno.test("readEpisodeLabels() names the file with times out of order or beyond the end", async () => {
  await assert.rejects(read("segments.txt", "[one]\n40 10\n"), /segments\.txt: .*line 2.*comes before/);
  await assert.rejects(
    read("one.csv", "onset,offset,label\n90,130,ad\n"),
    /one\.csv: 130 s lies beyond the end/,
  );
});
