import assert from "node:assert/strict";
import { checkNotebook, NOTEBOOK_STATES } from "tasks/notebooks/check_notebook.ts";
import { findNotebooks } from "tasks/notebooks/find_notebooks.ts";
import { longRun, scaled, tellFigure } from "tests/long_run.ts";
import { hasJupyter } from "tests/requirements.ts";

const ignore = !(await hasJupyter());

for (const name of await findNotebooks()) {
  Deno.test({
    name:
      `the notebook ${name} runs in a fresh clone, once more, and on other data, and shows all that it should`,
    ignore,
    fn: async () => {
      const checks = await checkNotebook(name, {
        quick: scaled({ usual: true, long: false }),
        // A restarted kernel does what a fresh one does, and a second training what the first did.
        states: NOTEBOOK_STATES.filter((state) =>
          longRun || (state !== "restarted" && (state !== "again" || name !== "03_train"))
        ),
      });
      assert.deepEqual(
        checks.flatMap(({ state, problems }) => problems.map((text) => `${state}: ${text}`)),
        [],
      );
      for (const { state, outputs, seconds } of checks) {
        tellFigure(`notebook ${name}, ${state}: ${outputs} outputs, ${seconds.toFixed(0)} s`);
      }
    },
  });
}
