import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runToEnd } from "lib/base/system/run_program.ts";
import { NOTEBOOKS_FOLDER } from "tasks/notebooks/find_notebooks.ts";
import { withNotebook } from "tasks/notebooks/run_notebook.ts";
import { NOTEBOOK_METADATA } from "tasks/setup/kernelspec.ts";
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

Deno.test({
  name: "a run of a notebook that is interrupted leaves no kernel behind",
  ignore: !(await hasJupyter()),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const pidFile = join(folder, "pid");
      const cell = (source: string) => ({
        cell_type: "code",
        id: crypto.randomUUID().slice(0, 8),
        execution_count: null,
        metadata: {},
        outputs: [],
        source,
      });
      const cells = [
        cell(`Deno.writeTextFileSync(${JSON.stringify(pidFile)}, String(Deno.pid));`),
        cell("await new Promise(() => {});"),
      ];
      const notebook = { cells, metadata: NOTEBOOK_METADATA, nbformat: 4, nbformat_minor: 5 };
      await Deno.writeTextFile(join(folder, "endless.ipynb"), JSON.stringify(notebook));
      const interrupt = new AbortController();
      const options = { quick: true, signal: interrupt.signal };
      const run = withNotebook(
        folder,
        "endless.ipynb",
        options,
        ({ runAll }) => runAll({ cellSeconds: 600, onCell: () => interrupt.abort() }),
      );
      await assert.rejects(run, { name: "AbortError" });
      const pid = Number(await Deno.readTextFile(pidFile));
      // Signal 0 would only ask; Deno has none that does nothing.
      assert.throws(() => Deno.kill(pid, "SIGKILL"), Deno.errors.NotFound);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
