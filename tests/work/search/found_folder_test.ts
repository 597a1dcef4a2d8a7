import assert from "node:assert/strict";
import { join } from "node:path";
import { type FoundFile, UserFileError, writeFoundFolder } from "lib/work/search/found_folder.ts";
import { fingerprintRecording } from "lib/media/recording/recording_fingerprint.ts";
import { readSearchRecord } from "lib/work/search/search_record.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

function withFolder(check: (folder: string) => Promise<void>): Promise<void> {
  return inTemporaryFolder((folder) => check(join(folder, "found", "a")));
}

const RECORD = {
  recording: "a.wav",
  fingerprint: { size: 1, sha256: "x" },
  search: { threshold: 0.5 },
  duration: 10,
  warnings: [],
  events: [{ onset: 1, offset: 2, label: "burp", score: 0.9 }],
};
const OTHER = { ...RECORD, search: { threshold: 0.7 } };

function clip(name: string): FoundFile {
  return { name: join("clips", name), content: (path) => Deno.writeTextFile(path, name) };
}

async function list(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (!entry.isDirectory) names.push(entry.name);
    else names.push(...(await list(join(folder, entry.name))).map((name) => `${entry.name}/${name}`));
  }
  return names.sort();
}

Deno.test("writeFoundFolder() writes files and a record of them", async () => {
  await withFolder(async (folder) => {
    await writeFoundFolder(folder, RECORD, [{ name: "events.csv", content: "onset" }, clip("1.wav")]);
    assert.deepEqual(await list(folder), ["clips/1.wav", "events.csv", "search.json"]);
    const { formatVersion, files, earlierFiles, finished, ...rest } = (await readSearchRecord(folder))!;
    assert.deepEqual(rest, RECORD);
    assert.deepEqual([formatVersion, Object.keys(files).length, earlierFiles, finished], [1, 2, {}, true]);
  });
});

Deno.test("writeFoundFolder() adds to the same search, and replaces another one where it writes", async () => {
  await withFolder(async (folder) => {
    await writeFoundFolder(folder, RECORD, [
      { name: "events.csv", content: "1" },
      clip("1.wav"),
      clip("2.wav"),
    ]);
    await writeFoundFolder(folder, RECORD, [{ name: "events.vtt", content: "1" }]);
    assert.deepEqual(await list(folder), [
      "clips/1.wav",
      "clips/2.wav",
      "events.csv",
      "events.vtt",
      "search.json",
    ]);
    await writeFoundFolder(folder, OTHER, [{ name: "events.csv", content: "2" }]);
    assert.deepEqual(await list(folder), ["clips/1.wav", "clips/2.wav", "events.csv", "search.json"]);
    await writeFoundFolder(folder, OTHER, [clip("2.wav"), clip("3.wav")]);
    // The same search as just before; the clips of the first one are gone now.
    assert.deepEqual(await list(folder), ["clips/2.wav", "clips/3.wav", "events.csv", "search.json"]);
  });
});

Deno.test("writeFoundFolder() leaves alone what a person changed or made, unless forced", async () => {
  await withFolder(async (folder) => {
    const files = [{ name: "events.csv", content: "1" }];
    await writeFoundFolder(folder, RECORD, files);
    await Deno.writeTextFile(join(folder, "events.csv"), "mine");
    await Deno.writeTextFile(join(folder, "notes.vtt"), "mine");
    await assert.rejects(
      writeFoundFolder(folder, OTHER, [{ name: "events.csv", content: "2" }]),
      UserFileError,
    );
    await assert.rejects(
      writeFoundFolder(folder, OTHER, [{ name: "notes.vtt", content: "2" }]),
      UserFileError,
    );
    assert.equal(await Deno.readTextFile(join(folder, "events.csv")), "mine");
    assert.deepEqual((await readSearchRecord(folder))?.search, RECORD.search, "nothing was written");

    // A changed file is not removed either, when another search no longer writes it.
    await writeFoundFolder(folder, OTHER, [{ name: "events.json", content: "2" }]);
    assert.equal(await Deno.readTextFile(join(folder, "events.csv")), "mine");
    await writeFoundFolder(folder, OTHER, [{ name: "notes.vtt", content: "2" }], { force: true });
    assert.equal(await Deno.readTextFile(join(folder, "notes.vtt")), "2");
  });
});

Deno.test("writeFoundFolder() that is interrupted can be done again without force", async () => {
  await withFolder(async (folder) => {
    await writeFoundFolder(folder, RECORD, [{ name: "events.csv", content: "1" }, clip("1.wav")]);
    const controller = new AbortController();
    const files: FoundFile[] = [
      { name: "events.csv", content: "2" },
      clip("2.wav"),
      {
        name: "report.html",
        content: () => {
          controller.abort(new Error("interrupted"));
          return Promise.resolve();
        },
      },
      { name: "events.vtt", content: "2" },
    ];
    await assert.rejects(
      writeFoundFolder(folder, OTHER, files, { signal: controller.signal }),
      /interrupted/,
    );
    const record = await readSearchRecord(folder);
    assert.equal(record?.finished, false);
    assert.deepEqual(record?.search, OTHER.search);
    await writeFoundFolder(folder, OTHER, [...files.slice(0, 2), { name: "events.vtt", content: "2" }]);
    const again = (await readSearchRecord(folder))!;
    assert.equal(again.finished, true);
    // The report was never written, and must not count as there.
    const names = [join("clips", "2.wav"), "events.csv", "events.vtt"];
    assert.deepEqual(Object.keys(again.files).sort(), names);
    assert.equal(await Deno.readTextFile(join(folder, "events.csv")), "2");
  });
});

Deno.test("readSearchRecord() takes a record that it does not understand for none", async () => {
  await withFolder(async (folder) => {
    assert.equal(await readSearchRecord(folder), undefined);
    await writeFoundFolder(folder, RECORD, []);
    for (const text of ["{", "[]", '{"formatVersion":99}']) {
      await Deno.writeTextFile(join(folder, "search.json"), text);
      assert.equal(await readSearchRecord(folder), undefined);
    }
  });
});

Deno.test("fingerprintRecording() tells files apart by size and content, not by name", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const write = async (name: string, length: number, changedAt?: number) => {
      const bytes = new Uint8Array(length).fill(7);
      if (changedAt !== undefined) bytes[changedAt] = 8;
      await Deno.writeFile(join(folder, name), bytes);
      return await fingerprintRecording(join(folder, name));
    };
    for (const length of [0, 100, 65_536, 65_537, 3_000_000]) {
      const original = await write("a", length);
      assert.equal(original.size, length);
      assert.deepEqual(await write("b", length), original);
      assert.notDeepEqual(await write("c", length + 1), original);
      if (length > 0) {
        assert.notDeepEqual(await write("d", length, 0), original);
        assert.notDeepEqual(await write("e", length, length - 1), original);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
