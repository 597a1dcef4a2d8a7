import { basename, isAbsolute, join } from "node:path";
import { findProgram } from "lib/base/system/programs.ts";
import { ProgramError, runToEnd } from "lib/base/system/run_program.ts";

/** Python scripts that time the same work done by other software; each by its name in their folder, or by its absolute path. */
export interface Peers {
  /** Why a script cannot be run; `undefined` when it can. */
  missing(script: string): Promise<string | undefined>;
  /**
   * Runs a script and gives what it prints.
   *
   * @param threads Threads that its libraries may use.
   */
  run(script: string, args: readonly string[], threads: number): Promise<string>;
}

/** Where the peers are, as far as the user said. */
interface PeerOptions {
  readonly folder?: string | undefined;
  /** Python with the packages that the scripts need; looked up if left out. */
  readonly python?: string | undefined;
  readonly signal: AbortSignal;
}

// Each numerical library has its own variable for the same thing.
const THREAD_VARIABLES = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"];

/** The variables that hold native libraries to a number of threads. */
export function threadEnvironment(threads: number): Record<string, string> {
  return Object.fromEntries(THREAD_VARIABLES.map((name) => [name, String(threads)]));
}

export function createPeers({ folder, python, signal }: PeerOptions): Peers {
  const findPython = async () => python ?? (await findProgram("python"))?.path;
  const pathOf = (script: string) => isAbsolute(script) ? script : join(folder ?? "", script);
  const reasons = new Map<string, string | undefined>();
  const look = async (given: string): Promise<string | undefined> => {
    const script = basename(given);
    if (folder === undefined && !isAbsolute(given)) {
      return `${script}: name the folder of the peers with --peers`;
    }
    const isFile = await Deno.stat(pathOf(given)).then((info) => info.isFile, () => false);
    if (!isFile) return `${script}: not in ${folder}`;
    const path = await findPython();
    if (path === undefined) return `${script}: Python was not found; name it with --python`;
    try {
      await runToEnd(path, ["-c", IMPORT_CHECK, pathOf(given)], { signal });
    } catch (error) {
      if (signal.aborted) throw error;
      const said = error instanceof ProgramError ? error.stderrTail.trim().split("\n").at(-1) : String(error);
      return `${script}: ${path} cannot run it (${said})`;
    }
    return undefined;
  };
  return {
    async missing(script) {
      if (!reasons.has(script)) reasons.set(script, await look(script));
      return reasons.get(script);
    },
    async run(script, args, threads) {
      const path = await findPython();
      const env = threadEnvironment(threads);
      const { stdout } = await runToEnd(path!, [pathOf(script), ...args], { signal, env });
      return new TextDecoder().decode(stdout);
    },
  };
}

// Looks for the modules that a script imports without running it.
const IMPORT_CHECK = `
import ast, importlib.util, os, sys
path = sys.argv[1]
sys.path.insert(0, os.path.dirname(path))
for node in ast.walk(ast.parse(open(path).read())):
    names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else []
    for name in names:
        if importlib.util.find_spec(name.split(".")[0]) is None: sys.exit("it needs the package " + name.split(".")[0])
`;
