import assert from "node:assert/strict";
import { coldStart } from "tasks/cold_start.ts";
import { runCommand } from "tasks/command.ts";
import { createTestHost } from "tests/tasks/task_host.ts";

Deno.test("cold-start says that there are too few negatives before it draws a burp", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { host, written } = createTestHost(["--output", `${folder}/model`]);
    assert.equal(await runCommand(coldStart, host), 1);
    assert.match(written.err, /Too few negative clips: 0/);
    assert.doesNotMatch(written.err, /judge/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
