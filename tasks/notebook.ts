import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineCommand, runAsMain, UsageError } from "tasks/command.ts";
import { openBrowser } from "tasks/label/open_browser.ts";
import { findNotebooks } from "tasks/notebooks/find_notebooks.ts";
import { startJupyter } from "tasks/notebooks/jupyter_server.ts";
import { requireJupyter } from "tasks/notebooks/require_jupyter.ts";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LOG = join("data", "reports", "jupyter.log");

/** `deno task notebook`: JupyterLab on the project's notebooks. */
export const notebook = defineCommand({
  name: "notebook",
  summary: "opens the notebooks in JupyterLab",
  description:
    "Installs JupyterLab into .venv at the first start, with a Deno kernel of its own whose cells can be interrupted. " +
    "VS Code with its extensions Python and Jupyter finds that kernel in .venv, too: open the project's folder and a " +
    'notebook there, and choose "Jupyter Kernel", then "Burp Finder (Deno)"; or "Existing Jupyter Server" with the ' +
    "address that it prints. Code in a notebook may do all that you may. Ctrl+C ends it with all of its kernels; what " +
    `Jupyter has to say is in ${LOG}.`,
  positionals: { name: "NAME", max: 1, help: "notebook to open, such as 03_train; the first by default" },
  options: {
    port: {
      type: "integer",
      min: 1,
      max: 65_535,
      default: 8888,
      help: "where it listens, on this machine only; if that is taken, at one of the next",
    },
    browser: { type: "boolean", default: true, help: "do not open a browser" },
  },
  examples: [
    ["deno task notebook", "opens the first notebook"],
    ["deno task notebook 03_train --no-browser", "prints the address of another"],
  ],
  async run({ options, positionals, signal, log, progress, print, printJson }) {
    const names = await findNotebooks();
    const name = positionals[0]?.replace(/^.*[\\/]/, "").replace(/\.ipynb$/, "") ?? names[0];
    if (name !== undefined && !names.includes(name)) {
      throw new UsageError(`there is no notebook ${name}: ${names.join(", ")}`);
    }
    await requireJupyter({ signal, log, progress });
    log.info("starting JupyterLab ...");
    const server = await startJupyter({ root: ROOT, port: options.port, logPath: join(ROOT, LOG), signal });
    try {
      const place = name === undefined ? "/lab" : `/lab/tree/notebooks/${name}.ipynb`;
      const url = new URL(`${place}?token=${server.token}`, server.address).href;
      if (server.address.port !== String(options.port)) {
        log.info(`port ${options.port} is taken: it listens at ${server.address.port}`);
      }
      print(url);
      printJson({ url, log: LOG });
      log.info(`its log is in ${LOG}`);
      log.info("stop with Ctrl+C, which ends all kernels; save your notebooks before");
      if (options.browser) openBrowser(url);
      const interrupted = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => interrupted.resolve(), { once: true });
      const code = await Promise.race([server.ended, interrupted.promise]);
      if (code === undefined) log.info("ending JupyterLab and its kernels ...");
      return code;
    } finally {
      await server.close();
    }
  },
});

if (import.meta.main) await runAsMain(notebook);
