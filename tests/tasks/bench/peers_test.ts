import assert from "node:assert/strict";
import { join } from "node:path";
import { readPeerFigures } from "tasks/bench/features_section.ts";
import { readPeerSeconds } from "tasks/bench/find_section.ts";
import { createPeers } from "tasks/bench/peers.ts";
import { hasProgram } from "tests/requirements.ts";

const signal = new AbortController().signal;

async function withScripts(scripts: Record<string, string>, run: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(scripts)) await Deno.writeTextFile(join(folder, name), text);
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("createPeers() says that no folder was named, or that a script is not in it", async () => {
  assert.match((await createPeers({ signal }).missing("a.py"))!, /name the folder of the peers with --peers/);
  await withScripts({}, async (folder) => {
    assert.equal(await createPeers({ folder, signal }).missing("a.py"), `a.py: not in ${folder}`);
  });
});

Deno.test({
  name: "createPeers() names the package that a script needs, and runs what can run with its threads",
  ignore: !(await hasProgram("python")),
  fn: () =>
    withScripts({
      "needs.py": "import json, package_that_nobody_has\n",
      "works.py":
        "import neighbour, os, sys\nprint(os.environ['OMP_NUM_THREADS'], sys.argv[1:], neighbour.X)\n",
      "neighbour.py": "X = 7\n",
    }, async (folder) => {
      const peers = createPeers({ folder, signal });
      assert.match((await peers.missing("needs.py"))!, /it needs the package package_that_nobody_has/);
      assert.equal(await peers.missing("works.py"), undefined);
      assert.equal((await peers.run("works.py", ["a b"], 3)).trim(), "3 ['a b'] 7");
      const withoutFolder = createPeers({ signal });
      assert.equal(await withoutFolder.missing(join(folder, "works.py")), undefined, "its path is enough");
      assert.match(
        (await withoutFolder.missing(join(folder, "needs.py")))!,
        /^needs.py: .*it needs the package/,
      );
    }),
});

Deno.test("createPeers() says that a Python which is not there cannot run a script", async () => {
  await withScripts({ "a.py": "" }, async (folder) => {
    const python = join(folder, "no-python");
    assert.match((await createPeers({ folder, python, signal }).missing("a.py"))!, /no-python cannot run it/);
  });
});

Deno.test("readPeerFigures() takes the CPU seconds of each library and rate", () => {
  const text =
    '{"librosa_16000": {"cpu_s_per_hour": 2.1, "wall_s_per_hour": 2.2}, "torch_32000": {"cpu_s_per_hour": 3}}';
  assert.deepEqual(readPeerFigures(text), { "librosa 16 kHz": 2.1, "torch 32 kHz": 3 });
  assert.throws(() => readPeerFigures('{"librosa_16000": {}}'));
});

Deno.test("readPeerSeconds() takes the time, and nothing else for one", () => {
  assert.equal(readPeerSeconds("crnn 2 threads: 10.52 s\n"), 10.52);
  assert.throws(() => readPeerSeconds("no CUDA\n"), SyntaxError);
});
