import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeFileAtomic } from "lib/system/atomic_file.ts";
import { requireProgram } from "lib/system/programs.ts";
import { runToEnd } from "lib/system/run_program.ts";
import type { Piece, SetupContext } from "tasks/setup/piece.ts";

/** Folder of the Python environment that Jupyter runs in; editors look for it under this name. */
export const JUPYTER_FOLDER: string = fileURLToPath(new URL("../../.venv", import.meta.url));

const PACKAGES = ["jupyterlab>=4.4,<5", "nbclient>=0.10,<1"];
const INSTALL_TIMEOUT_MS = 900_000;

/** Path of a program of that environment. */
export function jupyterProgram(name: "python" | "jupyter"): string {
  return Deno.build.os === "windows"
    ? join(JUPYTER_FOLDER, "Scripts", `${name}.exe`)
    : join(JUPYTER_FOLDER, "bin", name);
}

/** JupyterLab with a Deno kernel, in an environment of this project alone. */
export const jupyterPiece: Piece = {
  name: "Jupyter",
  costs: "notebooks need another editor with Jupyter support, such as VS Code",
  async install(context) {
    const hadJupyter = await jupyterWorks(context);
    if (!hadJupyter) await installJupyter(context);
    const hadKernel = await writeKernel();
    const version = await jupyterWorks(context);
    if (!version) {
      throw new Error("Jupyter was installed into .venv but does not start; delete .venv and try again");
    }
    return {
      state: hadJupyter && hadKernel ? "found" : "installed",
      detail: `JupyterLab ${version} with a Deno kernel; start it with ${startCommand()}`,
    };
  },
};

function startCommand(): string {
  return Deno.build.os === "windows"
    ? ".venv\\Scripts\\jupyter lab notebooks"
    : ".venv/bin/jupyter lab notebooks";
}

async function jupyterWorks(context: SetupContext): Promise<string | undefined> {
  try {
    const code = "import jupyterlab, nbclient; print(jupyterlab.__version__)";
    const { stdout } = await runToEnd(jupyterProgram("python"), ["-c", code], { signal: context.signal });
    return new TextDecoder().decode(stdout).trim();
  } catch {
    context.signal.throwIfAborted();
    return undefined;
  }
}

async function installJupyter(context: SetupContext): Promise<void> {
  const python = await requireProgram("python");
  const options = { signal: context.signal, timeoutMs: INSTALL_TIMEOUT_MS };
  context.log.info("Jupyter: installing JupyterLab into .venv");
  try {
    await runToEnd(python.path, ["-m", "venv", JUPYTER_FOLDER], options);
  } catch (error) {
    context.signal.throwIfAborted();
    // Debian splits the module off Python, and half of an environment would be taken for a whole one.
    await Deno.remove(JUPYTER_FOLDER, { recursive: true }).catch(() => {});
    throw new Error("Python cannot make environments; on Debian, `apt-get install python3-venv` helps", {
      cause: error,
    });
  }
  await runToEnd(jupyterProgram("python"), ["-m", "pip", "install", "--quiet", ...PACKAGES], options);
}

/** Writes the kernel that the notebooks name; gives whether it was there already. */
async function writeKernel(): Promise<boolean> {
  const path = join(JUPYTER_FOLDER, "share", "jupyter", "kernels", "deno", "kernel.json");
  const kernel = {
    argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
    // With the kernel that Deno itself installs, interrupting a cell ends the kernel and loses its state.
    interrupt_mode: "message",
  };
  const text = `${JSON.stringify(kernel, undefined, 2)}\n`;
  if (await Deno.readTextFile(path).catch(() => "") === text) return true;
  await Deno.mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, text);
  return false;
}
