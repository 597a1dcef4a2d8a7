import { join } from "node:path";
import { errorMessage } from "lib/base/system/error_message.ts";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { CACHE_FOLDER, type SetupContext } from "tasks/setup/piece.ts";
import { downloadWheel } from "tasks/setup/python_wheel.ts";

const INSTALL_TIMEOUT_MS = 900_000;
const PIP_OPTIONS = [
  "--quiet",
  "--no-input",
  "--disable-pip-version-check",
  "--timeout=20",
  "--retries=2",
];
/** Runs on every Python from 3.9 on; used where a machine has Python without pip. */
const PIP_WHEEL = { project: "pip", version: "25.2", tag: "py3-none-any" };

/** Path of a program of a Python environment. */
export function environmentProgram(folder: string, name: string): string {
  return Deno.build.os === "windows" ? join(folder, "Scripts", `${name}.exe`) : join(folder, "bin", name);
}

/**
 * Makes a Python environment with pip: with Python's own `venv`, else with the package `virtualenv`, fetched by pip,
 * else by a pip that is fetched first. Debian leaves the first two out of its `python3`.
 *
 * @throws {MissingProgramError} where there is no Python.
 */
export async function makeEnvironment(folder: string, context: SetupContext): Promise<void> {
  const python = (await requireProgram("python")).path;
  const options = { signal: context.signal, timeoutMs: INSTALL_TIMEOUT_MS };
  const ways: [string, () => Promise<unknown>][] = [
    ["venv", () => runToEnd(python, ["-m", "venv", folder], options)],
    ["virtualenv", () => makeWithVirtualenv(python, ["-m", "pip"], folder, context)],
    ["virtualenv with a fetched pip", async () => {
      await Deno.mkdir(CACHE_FOLDER, { recursive: true });
      const wheel = await downloadWheel(PIP_WHEEL, CACHE_FOLDER, context);
      await makeWithVirtualenv(python, [join(wheel, "pip")], folder, context);
    }],
  ];
  const problems: string[] = [];
  for (const [name, make] of ways) {
    try {
      return void await make();
    } catch (error) {
      context.signal.throwIfAborted();
      // Half of an environment would be taken for a whole one.
      await Deno.remove(folder, { recursive: true }).catch(() => {});
      const [line] = errorMessage(error).split("\n");
      problems.push(`${name}: ${line}`);
      context.log.debug(`no environment with ${name}: ${line}`);
    }
  }
  throw new Error(
    `Python cannot make environments (${
      problems.join("; ")
    }); on Debian, \`apt-get install python3-venv\` helps`,
  );
}

/** Installs packages into an environment. */
export async function installPackages(
  folder: string,
  packages: readonly string[],
  { signal }: SetupContext,
): Promise<void> {
  await runToEnd(
    environmentProgram(folder, "python"),
    ["-m", "pip", "install", ...PIP_OPTIONS, ...packages],
    { signal, timeoutMs: INSTALL_TIMEOUT_MS },
  );
}

/** Whether a program of an environment runs code without an error; gives what it prints. */
export async function tryPython(
  folder: string,
  code: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<string | undefined> {
  try {
    const { stdout } = await runToEnd(environmentProgram(folder, "python"), ["-c", code], {
      timeoutMs: 180_000,
      signal,
    });
    return new TextDecoder().decode(stdout).trim();
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

async function makeWithVirtualenv(
  python: string,
  pip: readonly string[],
  folder: string,
  { signal }: SetupContext,
): Promise<void> {
  const packages = await Deno.makeTempDir({ prefix: "virtualenv-" });
  try {
    const options = { signal, timeoutMs: INSTALL_TIMEOUT_MS };
    const target = ["install", ...PIP_OPTIONS, `--target=${packages}`, "virtualenv"];
    await runToEnd(python, [...pip, ...target], options);
    await runToEnd(python, ["-m", "virtualenv", "--quiet", folder], {
      ...options,
      env: { PYTHONPATH: packages },
    });
  } finally {
    await Deno.remove(packages, { recursive: true }).catch(() => {});
  }
}
