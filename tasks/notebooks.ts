import { join } from "node:path";
import { defineCommand, runAsMain, UsageError } from "tasks/command.ts";
import { checkNotebook, NOTEBOOK_STATES, type NotebookState } from "tasks/notebooks/check_notebook.ts";
import { cleanNotebooks } from "tasks/notebooks/clean_notebook.ts";
import { EXPECTED_OUTPUTS } from "tasks/notebooks/expected_outputs.ts";
import { findNotebooks } from "tasks/notebooks/find_notebooks.ts";
import { writeNotebookPage } from "tasks/notebooks/notebook_page.ts";
import { writeNotebookPicture } from "tasks/notebooks/notebook_picture.ts";
import { requireJupyter } from "tasks/notebooks/require_jupyter.ts";

const STATE_WORDS: Readonly<Record<NotebookState, string>> = {
  fresh: "in a fresh clone",
  again: "a second time",
  restarted: "after a restart",
  own: "on other data",
};
const PAGES = join("data", "reports", "notebooks");

/** `deno task notebooks`: all notebooks run in a Jupyter server without a browser, and held against what they must show. */
export const notebooks = defineCommand({
  name: "notebooks",
  summary: "runs all notebooks and checks what they show",
  description:
    "Each runs in a copy of the project without data, in a Jupyter server that starts its kernel as for JupyterLab: as in " +
    "a fresh clone, once more, after a restart of the kernel, and on somebody's own data, for which the first cell alone " +
    "is changed. It fails on an error, on an output that is missing or too many, on a printed value that nobody asked " +
    "for, on a file outside of data, and on a cell beyond its time limit. What they show at first is left in " +
    `${PAGES} as pages to open in a browser. Installs Jupyter if it is missing.`,
  positionals: { name: "NAME", help: "notebooks such as 03_train; all by default" },
  options: {
    quick: { type: "boolean", help: "small settings, as the tests use them" },
    once: { type: "boolean", help: "run each as in a fresh clone only" },
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
  async run({ options, positionals, signal, log, progress, print, printJson }) {
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
    await requireJupyter({ signal, log, progress });
    const states = options.once ? (["fresh"] as const) : NOTEBOOK_STATES;
    const results = [];
    for (let round = 1; round <= options.repeat; round++) {
      for (const name of names) {
        log.info(`${name}${options.repeat > 1 ? ` (${round} of ${options.repeat})` : ""} ...`);
        const checks = await checkNotebook(name, {
          quick: options.quick,
          states,
          signal,
          onCell: (state, cell, seconds) =>
            log.debug(`${name}, ${STATE_WORDS[state]}: cell ${cell} took ${seconds.toFixed(1)} s`),
          onState: ({ state, problems, cells, outputs, seconds }) => {
            const verdict = problems.length === 0 ? "ok" : "FAILED";
            print(
              `${name}, ${STATE_WORDS[state]} ... ${verdict}, ${cells} cells, ${outputs} outputs, ` +
                `${seconds.toFixed(1)} s`,
            );
            for (const problem of problems) print(`  ${problem}`);
          },
        });
        const { problems, notebook } = checks[0]!;
        if (options.pages) print(`  ${await writeNotebookPage(PAGES, name, notebook, { signal })}`);
        const title = EXPECTED_OUTPUTS[name]?.picture;
        if (options.pictures !== undefined && title !== undefined && problems.length === 0) {
          const picture = { title, signal };
          print(`  ${await writeNotebookPicture(options.pictures, name, notebook, picture)}`);
        }
        results.push(...checks.map(({ notebook: _, ...check }) => ({ name, ...check })));
      }
    }
    printJson(results);
    return results.every(({ problems }) => problems.length === 0) ? 0 : 1;
  },
});

if (import.meta.main) await runAsMain(notebooks);
