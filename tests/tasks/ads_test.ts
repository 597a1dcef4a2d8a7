import assert from "node:assert/strict";
import { labelledEpisode } from "lib/work/ads/labelled_episodes.ts";
import { ads } from "tasks/ads.ts";
import { hasProgram } from "tests/requirements.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const { host, written } = createTestHost(args);
  return { code: await ads(host), ...written };
}

Deno.test("ads names its parts, and knows a slip", async () => {
  assert.match((await run("--help")).out, /train, find, repeats, cut, evaluate/);
  const slip = await run("fnid");
  assert.equal(slip.code, 2);
  assert.match(slip.err, /ads knows no "fnid".*find/);
});

Deno.test("ads says in one line what it lacks to train or to find", async () => {
  await inTemporaryFolder(async (folder) => {
    const missing = await run("find", "-m", `${folder}/none`, "a.wav");
    assert.equal(missing.code, 1);
    assert.match(missing.err, /^error: .*none.*\n$/);
    assert.equal((await run("train", "--classes", "talk", "a.wav", "-o", `${folder}/new`)).code, 2);
    assert.match((await run("train", "a.wav", "-o", folder)).err, /is there already: name a new folder/);
  });
});

Deno.test({
  name: "ads synthesize makes the same show of the same seed, its truth beside each episode",
  ignore: !(await hasProgram("espeak-ng")),
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const make = async (name: string, ...more: readonly string[]) => {
        const size = ["--episodes", "1", "--minutes", "0.3", "--breaks", "1", "--ads", "2"];
        const { code, err } = await run("synthesize", `${folder}/${name}`, ...size, ...more);
        assert.equal(code, 0, err);
        return await Deno.readFile(`${folder}/${name}/01.wav`);
      };
      const first = await make("one");
      assert.deepEqual(await make("again"), first);
      assert.notDeepEqual(await make("other", "--seed", "2"), first);
      const { segments, duration } = await labelledEpisode(`${folder}/one/01.wav`);
      assert.deepEqual(segments.map(({ label }) => label), ["content", "ad", "content"]);
      assert.equal(segments[0]!.onset, 0);
      assert.equal(segments.at(-1)!.offset, duration);
    }),
});
