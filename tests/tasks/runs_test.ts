import assert from "node:assert/strict";
import { join } from "node:path";
import { runCommand } from "tasks/command.ts";
import { runs } from "tasks/runs.ts";
import { createTestHost } from "tests/tasks/task_host.ts";

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const { host, written } = createTestHost(args);
  return { code: await runCommand(runs, host), ...written };
}

Deno.test("runs lists the trainings of the models that come with the project, and compares two", async () => {
  const listed = await run();
  assert.equal(listed.code, 0, listed.err);
  // The time is that of the training, not of the files, which a checkout makes anew.
  const { finished } = JSON.parse(await Deno.readTextFile("models/burp/training.json"));
  const time = finished.slice(0, 16).replace("T", " ");
  assert.match(
    listed.out,
    new RegExp(`^Earlier runs: \\d+\nRun +Finished \\(UTC\\).*\n(?:.*\n)*burp +${time} `),
  );
  const folder = await Deno.makeTempDir();
  try {
    const report = join(folder, "runs.html");
    const compared = await run("base", "models/burp/", "--report", report);
    assert.equal(compared.code, 0, compared.err);
    assert.match(compared.out, /base against burp\nSetting +base +burp\n/);
    assert.match(await Deno.readTextFile(report), /Training of 2 runs/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("runs lists what was chosen, not what came with the base, in lines that a screen holds", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["burp", "mine"]) {
      await Deno.mkdir(`${folder}/${name}`);
      for (const file of ["manifest.json", "training.json"]) {
        await Deno.copyFile(`models/burp/${file}`, `${folder}/${name}/${file}`);
      }
    }
    const path = `${folder}/mine/manifest.json`;
    const manifest = JSON.parse(await Deno.readTextFile(path));
    manifest.training.features.nFft = 777;
    manifest.training.epochs = 5;
    manifest.training.layers = Array.from({ length: 50 }, (_, filters) => ({ filters }));
    await Deno.writeTextFile(path, JSON.stringify(manifest));
    const listed = (await run("--models", folder)).out.split("\n").find((line) => line.startsWith("mine"))!;
    assert.match(listed, /epochs 5/);
    assert.doesNotMatch(listed, /777/);
    const { out, err } = await run("burp", "mine", "--models", folder);
    assert.match(out, /features\.nFft +1024 +777\n/, err);
    for (const line of out.slice(out.indexOf("burp against mine")).split("\n")) {
      assert.ok(line.length <= 3 * 40 + 4, line);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("runs says which run it does not know, and gives JSON", async () => {
  const unknown = await run("nobody");
  assert.equal(unknown.code, 1);
  assert.match(
    unknown.err,
    /models\/nobody: no training left its record there; `deno task runs` lists those that did/,
  );
  const misspelt = await run("burpp");
  assert.match(misspelt.err, /did you mean burp\?/);
  const nowhere = await run("--models", "no-such-folder");
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.err, /no-such-folder: there is no such folder of models/);
  const records = JSON.parse((await run("burp", "--json")).out);
  assert.equal(records[0].name, "burp");
  assert.ok(records[0].averagePrecision > records[0].baseline);
});
