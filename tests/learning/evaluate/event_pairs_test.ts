import assert from "node:assert/strict";
import { join } from "node:path";
import {
  annotationsBeside,
  readEventFile,
  recordingBeside,
  recordingStem,
} from "lib/learning/evaluate/event_files.ts";
import { pairEventFiles } from "lib/learning/evaluate/event_pairs.ts";

const EVENTS = "onset,offset\n1,2\n";

async function withFolder(files: Record<string, string>, run: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.mkdir(join(folder, name, ".."), { recursive: true });
      await Deno.writeTextFile(join(folder, name), text);
    }
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("pairEventFiles() pairs two files whatever their names", async () => {
  await withFolder({ "x.csv": EVENTS, "y.txt": "1\t2\n" }, async (folder) => {
    const { pairs } = await pairEventFiles(join(folder, "x.csv"), join(folder, "y.txt"));
    assert.deepEqual(pairs, [
      { name: "y", foundPath: join(folder, "x.csv"), annotationsPath: join(folder, "y.txt") },
    ]);
  });
});

Deno.test("pairEventFiles() pairs folders by the name of the recording", async () => {
  const files = {
    "truth/a.csv": EVENTS,
    "truth/a.txt": "1\t2\n",
    "truth/b.txt": "1\t2\n",
    "truth/c.csv": EVENTS,
    "truth/d.csv": EVENTS,
    "found/a.jsonl": "",
    "found/a.csv": EVENTS,
    "found/b.m4a/events.csv": EVENTS,
    "found/c/events.jsonl": "",
    "found/e.csv": EVENTS,
  };
  await withFolder(files, async (folder) => {
    const { pairs, notSearched } = await pairEventFiles(join(folder, "found"), join(folder, "truth"));
    assert.deepEqual(
      pairs.map(({ name, foundPath, annotationsPath }) => [
        name,
        foundPath.slice(folder.length + 7),
        annotationsPath.slice(folder.length + 7),
      ]),
      [
        ["a", "a.csv", "a.csv"],
        ["b", join("b.m4a", "events.csv"), "b.txt"],
        ["c", join("c", "events.jsonl"), "c.csv"],
      ],
    );
    assert.deepEqual(notSearched, ["d"]);
  });
});

Deno.test("pairEventFiles() takes the folder of one recording", async () => {
  await withFolder({ "a/events.csv": EVENTS, "truth/x.csv": EVENTS }, async (folder) => {
    const { pairs } = await pairEventFiles(join(folder, "a"), join(folder, "truth", "x.csv"));
    assert.equal(pairs[0]?.foundPath, join(folder, "a", "events.csv"));
    await assert.rejects(pairEventFiles(join(folder, "a"), join(folder, "truth")), /no found events of x/);
  });
});

Deno.test("pairEventFiles() says what is missing", async () => {
  await withFolder(
    { "a.csv": EVENTS, "empty/readme.md": "", "two/a.csv": EVENTS, "two/b.csv": EVENTS },
    async (f) => {
      await assert.rejects(pairEventFiles(join(f, "a.csv"), join(f, "b.csv")), /b\.csv does not exist/);
      await assert.rejects(pairEventFiles(join(f, "a.csv"), join(f, "empty")), /no annotations in/);
      await assert.rejects(pairEventFiles(join(f, "empty"), join(f, "a.csv")), /no found events of a /);
      await assert.rejects(pairEventFiles(join(f, "a.csv"), join(f, "two")), /is one file/);
    },
  );
});

Deno.test("recordingBeside() and annotationsBeside() go by the name", async () => {
  await withFolder(
    { "a.m4a": "", "a.csv": EVENTS, "a.b.wav": "", "c.audacity.txt": "1\t2\n" },
    async (folder) => {
      assert.equal(await recordingBeside(join(folder, "a.csv")), join(folder, "a.m4a"));
      assert.equal(await recordingBeside(join(folder, "c.csv")), undefined);
      assert.equal(await annotationsBeside(join(folder, "a.m4a")), join(folder, "a.csv"));
      assert.equal(await annotationsBeside(join(folder, "c.mp4")), join(folder, "c.audacity.txt"));
      assert.equal(await annotationsBeside(join(folder, "a.b.wav")), undefined);
    },
  );
  assert.equal(recordingStem("x/twitch.vod.1.mp4"), "twitch.vod.1");
});

Deno.test("readEventFile() names the file and the line of what is wrong", async () => {
  await withFolder({ "a.csv": "onset,offset\n2,1\n" }, async (folder) => {
    await assert.rejects(readEventFile(join(folder, "a.csv")), /a\.csv: .*line 2/);
    await assert.rejects(readEventFile(join(folder, "b.csv")), /b\.csv does not exist/);
  });
});
