import { join } from "node:path";
import { defineCommand, runAsMain, UsageError } from "tasks/command.ts";
import { checkNotebook } from "tasks/notebooks/check_notebook.ts";
import { cleanNotebooks } from "tasks/notebooks/clean_notebook.ts";
import { EXPECTED_OUTPUTS } from "tasks/notebooks/expected_outputs.ts";
import { findNotebooks } from "tasks/notebooks/find_notebooks.ts";
import { writeNotebookPage } from "tasks/notebooks/notebook_page.ts";
import { writeNotebookPicture } from "tasks/notebooks/notebook_picture.ts";
import { requireJupyter } from "tasks/notebooks/require_jupyter.ts";

const PAGES = join("data", "reports", "notebooks");

/** `deno task notebooks`: all notebooks run without an editor, and held against what they must show. */
export const notebooks = defineCommand({
  name: "notebooks",
  summary: "runs all notebooks on their demo data and checks what they show",
  description:
    "Each runs from top to bottom in a kernel of its own, with an empty folder for its data. It fails on an error, on " +
    "an output that is missing or too many, and on a cell beyond its time limit. What they show is left in " +
    `${PAGES} as pages to open in a browser. Installs Jupyter if it is missing.`,
  positionals: { name: "NAME", help: "notebooks such as 03_train; all by default" },
  options: {
    quick: { type: "boolean", help: "small settings, as the tests use them" },
    repeat: { type: "integer", min: 1, max: 1000, default: 1, help: "run all of them so often" },
    pages: { type: "boolean", default: true, help: "do not write pages" },
    pictures: {
      type: "string",
      value: "DIR",
      path: true,
      help: "also draw the main plot of each into this folder (needs Chromium)",
    },
    clean: {
      type: "boolean",
      help: "run nothing; clear outputs, counts and stray metadata, as for a commit",
    },
  },
  examples: [
    ["deno task notebooks", "all, in order"],
    ["deno task notebooks 03_train --repeat 3", "one, three times in a row"],
    ["deno task notebooks --pictures data/pictures", "makes the pictures of the README"],
    ["deno task notebooks --clean", "makes notebooks that were worked in fit for a commit"],
  ],
  async run({ options, positionals, signal, log, print, printJson }) {
    const all = await findNotebooks();
    const wanted = positionals.map((name) => name.replace(/^.*[\\/]/, "").replace(/\.ipynb$/, ""));
    for (const name of wanted) {
      if (!all.includes(name)) throw new UsageError(`there is no notebook ${name}: ${all.join(", ")}`);
    }
    const names = wanted.length > 0 ? wanted : all;
    if (options.clean) {
      for (const name of await cleanNotebooks(names)) print(`cleaned ${name}`);
      return 0;
    }
    await requireJupyter({ signal, log });
    const results = [];
    for (let round = 1; round <= options.repeat; round++) {
      for (const name of names) {
        log.info(`${name}${options.repeat > 1 ? ` (${round} of ${options.repeat})` : ""} ...`);
        const { problems, cells, outputs, seconds, notebook } = await checkNotebook(name, {
          quick: options.quick,
          signal,
          onCell: (cell, seconds) => log.debug(`${name}: cell ${cell} took ${seconds.toFixed(1)} s`),
        });
        const state = problems.length === 0 ? "ok" : "FAILED";
        print(`${name} ... ${state}, ${cells} cells, ${outputs} outputs, ${seconds.toFixed(1)} s`);
        for (const problem of problems) print(`  ${problem}`);
        if (options.pages) print(`  ${await writeNotebookPage(PAGES, name, notebook, { signal })}`);
        const title = EXPECTED_OUTPUTS[name]?.picture;
        if (options.pictures !== undefined && title !== undefined && problems.length === 0) {
          const picture = { title, signal };
          print(`  ${await writeNotebookPicture(options.pictures, name, notebook, picture)}`);
        }
        results.push({ name, problems, cells, outputs, seconds });
      }
    }
    printJson(results);
    return results.every(({ problems }) => problems.length === 0) ? 0 : 1;
  },
});

if (import.meta.main) await runAsMain(notebooks);
