import assert from "node:assert/strict";
import { join } from "node:path";
import { exists } from "lib/base/system/exists.ts";
import { clean } from "tasks/clean.ts";
import { runCommand } from "tasks/command.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

Deno.test("clean names what can be made again, and removes that alone with --yes", () =>
  inTemporaryFolder(async (root) => {
    const [data, cache] = [join(root, "data"), join(root, "cache")];
    const derived = ["data/tracks/file-1/heard.track", "data/found/a/scores.bin", "cache/1"];
    const own = [
      "data/labels.jsonl",
      "data/found/a/events.csv",
      "data/clips/burp-audio/a.wav",
      "data/tracks/note",
    ];
    for (const name of [...derived, ...own]) {
      await Deno.mkdir(join(root, name, ".."), { recursive: true });
      await Deno.writeTextFile(join(root, name), "x".repeat(100_000));
    }
    const run = async (...args: readonly string[]) => {
      const { host, written } = createTestHost(["--data", data, "--cache", cache, ...args]);
      return { code: await runCommand(clean, host), ...written };
    };
    const there = async (names: readonly string[]) =>
      await Promise.all(names.map((name) => exists(join(root, name))));
    const said = await run();
    assert.equal(said.code, 0, said.err);
    assert.match(said.out, / 0\.1 MB {2}.*scores\.bin {2}\(scores of a search\)/);
    assert.match(said.err, /can be made again; remove it with: deno task clean --yes/);
    assert((await there([...derived, ...own])).every(Boolean));
    const { removed, files } = JSON.parse((await run("--yes", "--json")).out);
    assert.equal(removed, true);
    const ours = files.filter(({ path }: { path: string }) => path.startsWith(root));
    assert.deepEqual(ours.map(({ bytes }: { bytes: number }) => bytes), [100_000, 100_000, 100_000]);
    assert(!(await there(derived)).some(Boolean));
    assert((await there(own)).every(Boolean));
  }));
