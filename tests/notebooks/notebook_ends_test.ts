import assert from "node:assert/strict";
import { join } from "node:path";
import type { CellOutput } from "tasks/notebooks/executed_notebook.ts";
import { type KernelSession, openSession } from "tasks/notebooks/kernel_session.ts";
import { hasJupyter } from "tests/requirements.ts";
import { withLab } from "tests/notebooks/lab_process.ts";

/** Process number of a session's kernel. */
async function pidOf(session: KernelSession): Promise<number> {
  const outputs: CellOutput[] = [];
  await session.run("Deno.pid", { seconds: 60, outputs });
  // Outputs may arrive after the end of a cell; the test fails by its time limit if none does.
  while (outputs.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  return Number(/\d+/.exec(String(outputs[0]!.data!["text/plain"]))![0]);
}

/** Waits until a process is gone; the test fails by its time limit if it stays. */
async function waitForEnd(pid: number): Promise<void> {
  while (await Deno.stat(`/proc/${pid}`).then(() => true, () => false)) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

for (
  const { way, signal, group, code } of [
    { way: "Ctrl+C in the terminal", signal: "SIGINT", group: true, code: 130 },
    { way: "SIGTERM", signal: "SIGTERM", group: false, code: 143 },
    // Nothing of the command itself can hear this one.
    { way: "a killed command", signal: "SIGKILL", group: true, code: 137 },
  ] as const
) {
  Deno.test({
    name: `${way} ends deno task notebook with its server and all kernels, also one that computes`,
    ignore: Deno.build.os !== "linux" || !(await hasJupyter()),
    fn: () =>
      withLab({}, async ({ server, url, said, end }) => {
        const names = ["03_train", "06_bot_replay"];
        const sessions = await Promise.all(
          names.map((name) => openSession(server, `notebooks/${name}.ipynb`)),
        );
        const pids = await Promise.all(sessions.map(pidOf));
        const endless = sessions[1]!.run("while (true);", { seconds: 600, outputs: [] });
        const lost = assert.rejects(endless, /cannot be reached any more|died/);
        assert.equal(await end(signal, { group }), code);
        await lost;
        for (const pid of pids) await waitForEnd(pid);
        await assert.rejects(fetch(new URL("/api/status", url)));
        // Its terminal has few lines, which name the log.
        const lines = said().trim().split("\n").filter((line) => !line.startsWith("Task notebook"));
        assert.ok(lines.length <= 6, said());
        const path = /log is in (\S+)/.exec(said())![1]!;
        assert.match(await Deno.readTextFile(path), /Jupyter Server .* is running at/);
        assert.ok(!(await Deno.readTextFile(path)).includes(server.token), "the log holds no token");
        for (const session of sessions) session.close();
      }),
  });
}

Deno.test({
  name: "deno task notebook says why JupyterLab cannot start",
  ignore: !(await hasJupyter()),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      // A file where its settings should be.
      await Deno.writeTextFile(join(folder, "file"), "");
      const env = { JUPYTER_RUNTIME_DIR: join(folder, "file", "runtime") };
      await assert.rejects(
        withLab({ env }, () => Promise.resolve()),
        /JupyterLab ended before it could be used/,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
