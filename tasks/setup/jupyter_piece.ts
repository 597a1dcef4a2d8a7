import { fileURLToPath } from "node:url";
import { writeKernelspec } from "tasks/setup/kernelspec.ts";
import { writeLabFigures } from "tasks/setup/lab_figures.ts";
import { writeLabSettings } from "tasks/setup/lab_settings.ts";
import type { Piece } from "tasks/setup/piece.ts";
import {
  environmentProgram,
  installPackages,
  makeEnvironment,
  tryPython,
} from "tasks/setup/python_environment.ts";

/** Folder of the Python environment that Jupyter runs in; editors look for it under this name. */
export const JUPYTER_FOLDER: string = fileURLToPath(new URL("../../.venv", import.meta.url));

const PACKAGES = ["jupyterlab>=4.4,<5", "nbconvert>=7.16,<8"];
// Looking is much faster than importing, and whoever asks whether notebooks can be run asks often.
const LOOK = "from importlib.metadata import version; " +
  "print([version(name) for name in ('nbconvert', 'jupyterlab')][-1])";
const TRY = "import jupyterlab, nbconvert";

/** Path of a program of that environment. */
export function jupyterProgram(name: "python" | "jupyter"): string {
  return environmentProgram(JUPYTER_FOLDER, name);
}

/** JupyterLab's version, if it is installed with everything that notebooks need. */
export function jupyterVersion(
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<string | undefined> {
  return tryPython(JUPYTER_FOLDER, LOOK, options);
}

/** JupyterLab with a Deno kernel, in an environment of this project alone. */
export const jupyterPiece: Piece = {
  name: "Jupyter",
  costs: "notebooks need another editor with Jupyter support, such as VS Code, and are not run as a check",
  async install(context) {
    const had = await jupyterVersion(context);
    if (!had) {
      context.log.info("Jupyter: installing JupyterLab into .venv");
      const pip = await tryPython(JUPYTER_FOLDER, "import pip", context);
      if (pip === undefined) await makeEnvironment(JUPYTER_FOLDER, context);
      await installPackages(JUPYTER_FOLDER, PACKAGES, context);
    }
    const hadKernel = await writeKernelspec(JUPYTER_FOLDER);
    await writeLabSettings(JUPYTER_FOLDER);
    await writeLabFigures(JUPYTER_FOLDER);
    const version = had ?? await jupyterVersion(context);
    if (!version || (!had && await tryPython(JUPYTER_FOLDER, TRY, context) === undefined)) {
      throw new Error("Jupyter was installed into .venv but does not start; delete .venv and try again");
    }
    return {
      state: had && hadKernel ? "found" : "installed",
      detail: `JupyterLab ${version} with a Deno kernel; start it with \`deno task notebook\``,
    };
  },
};
