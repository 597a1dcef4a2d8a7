import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInherited } from "lib/system/run_program.ts";
import { defineCommand, runAsMain, UsageError } from "tasks/command.ts";
import { findNotebooks } from "tasks/notebooks/find_notebooks.ts";
import { requireJupyter } from "tasks/notebooks/require_jupyter.ts";
import { jupyterProgram } from "tasks/setup/jupyter_piece.ts";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** `deno task notebook`: JupyterLab on the project's notebooks. */
export const notebook = defineCommand({
  name: "notebook",
  summary: "opens the notebooks in JupyterLab",
  description:
    "Installs JupyterLab into .venv at the first start, with a Deno kernel of its own whose cells can be interrupted. " +
    "VS Code with its extensions Python and Jupyter finds that kernel in .venv, too: open the project's folder and a " +
    'notebook there, and choose "Jupyter Kernel", then "Burp Finder (Deno)"; or "Existing Jupyter Server" with the ' +
    "address that --no-browser prints. Code in a notebook may do all that you may. End it with Ctrl+C.",
  positionals: { name: "NAME", max: 1, help: "notebook to open, such as 03_train; the first by default" },
  options: {
    port: {
      type: "integer",
      min: 1,
      max: 65_535,
      default: 8888,
      help: "where it listens, on this machine only",
    },
    browser: { type: "boolean", default: true, help: "print the address instead of opening a browser" },
  },
  examples: [
    ["deno task notebook", "opens the first notebook"],
    ["deno task notebook 03_train --no-browser", "prints the address of another"],
  ],
  async run({ options, positionals, signal, log }) {
    const names = await findNotebooks();
    const name = positionals[0]?.replace(/^.*[\\/]/, "").replace(/\.ipynb$/, "") ?? names[0];
    if (name !== undefined && !names.includes(name)) {
      throw new UsageError(`there is no notebook ${name}: ${names.join(", ")}`);
    }
    await requireJupyter({ signal, log });
    const { code } = await runInherited(jupyterProgram("jupyter"), [
      "lab",
      ...(name === undefined ? [] : [join("notebooks", `${name}.ipynb`)]),
      `--ServerApp.root_dir=${ROOT}`,
      `--port=${options.port}`,
      // Ctrl+C ends it at once: nobody could answer a question here.
      "-y",
      // Players and figures come in bursts, which the default limit would drop.
      "--ZMQChannelsWebsocketConnection.limit_rate=False",
      ...(options.browser ? [] : ["--no-browser"]),
      // In a container everything runs as root, which Jupyter refuses unless told.
      ...(Deno.build.os !== "windows" && Deno.uid() === 0 ? ["--allow-root"] : []),
    ], { signal, cwd: ROOT });
    return code;
  },
});

if (import.meta.main) await runAsMain(notebook);
