import assert from "node:assert/strict";
import { checkNotebook } from "tasks/notebooks/check_notebook.ts";
import { findNotebooks } from "tasks/notebooks/find_notebooks.ts";
import { scaled, tellFigure } from "tests/long_run.ts";
import { hasJupyter } from "tests/requirements.ts";

const ignore = !(await hasJupyter());

for (const name of await findNotebooks()) {
  Deno.test({
    name: `the notebook ${name} runs from top to bottom and shows all that it should`,
    ignore,
    fn: async () => {
      const rounds = scaled({ usual: 1, long: 3 });
      for (let round = 1; round <= rounds; round++) {
        const { problems, outputs, seconds } = await checkNotebook(name, {
          quick: scaled({ usual: true, long: false }),
        });
        assert.deepEqual(problems, []);
        tellFigure(`notebook ${name}, run ${round}: ${outputs} outputs, ${seconds.toFixed(0)} s`);
      }
    },
  });
}
