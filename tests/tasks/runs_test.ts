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
  assert.match(listed.out, /^Earlier runs: \d+\nRun +Finished \(UTC\).*\n(?:.*\n)*burp /);
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

Deno.test("runs says which run it does not know, and gives JSON", async () => {
  const unknown = await run("nobody");
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /no training left its record in models\/nobody/);
  const records = JSON.parse((await run("burp", "--json")).out);
  assert.equal(records[0].name, "burp");
  assert.ok(records[0].averagePrecision > records[0].baseline);
});
