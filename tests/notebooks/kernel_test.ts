import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { runToEnd } from "lib/system/run_program.ts";
import { NOTEBOOKS_FOLDER } from "tasks/notebooks/find_notebooks.ts";
import { jupyterProgram } from "tasks/setup/jupyter_piece.ts";
import { hasJupyter } from "tests/requirements.ts";

Deno.test({
  name: "the kernel survives an interruption, and hands it to the cell that listens",
  ignore: Deno.build.os === "windows" || !(await hasJupyter()),
  fn: async () => {
    const script = fileURLToPath(new URL("./interrupt_kernel.py", import.meta.url));
    const { stdout } = await runToEnd(jupyterProgram("python"), [script, NOTEBOOKS_FOLDER], {
      timeoutMs: 300_000,
    });
    const { statuses, texts } = JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
    assert.deepEqual(statuses, ["ok", "ok", "ok"]);
    assert.deepEqual(texts, ["go", "go on", "interrupted", "alive"]);
  },
});
