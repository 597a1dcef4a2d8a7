import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { checkNotebookFolder } from "tasks/gate/gate.ts";

// Within the project, whose configuration holds for its notebooks.
const FOLDER = fileURLToPath(new URL("../../notebooks", import.meta.url));
const signal = new AbortController().signal;

Deno.test("checkNotebookFolder() passes a notebook that is fit to be committed, and misses one that is named", async () => {
  assert.equal(await checkNotebookFolder(FOLDER, { signal, expected: ["many_outputs"] }), "");
});

Deno.test("checkNotebookFolder() finds wrong types, lint, outputs and missing entries in the cells of a notebook", async () => {
  const folder = await Deno.makeTempDir({ dir: FOLDER });
  try {
    const notebook = JSON.parse(await Deno.readTextFile(`${FOLDER}/many_outputs.ipynb`));
    const cell = notebook.cells.find(({ cell_type }: { cell_type: string }) => cell_type === "code");
    cell.source = ['const length: number = "three";\n', "let never = length;\n", "console.log(never);"];
    cell.outputs = [{ output_type: "stream", name: "stdout", text: ["three"] }];
    notebook.cells = notebook.cells.slice(0, 2);
    await Deno.writeTextFile(`${folder}/bad.ipynb`, JSON.stringify(notebook));
    const problems = await checkNotebookFolder(folder, { signal, expected: ["gone"] });
    assert.match(problems, /bad\.ipynb: cell 2 has outputs/);
    assert.match(problems, /bad\.ipynb: has no entry/);
    assert.match(problems, /gone\.ipynb: is missing/);
    assert.match(problems, /TS2322/);
    assert.match(problems, /prefer-const/);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["bad.ipynb"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
