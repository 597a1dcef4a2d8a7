import { dirname, join } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";

/** The metadata that every notebook of this project is committed with, and no other. */
export const NOTEBOOK_METADATA = {
  kernelspec: { display_name: "Burp Finder (Deno)", language: "typescript", name: "burp-finder" },
  language_info: { name: "typescript" },
} as const;

/**
 * Writes the kernel that the notebooks name into a Python environment, where JupyterLab and VS Code find it; gives
 * whether it was there already.
 *
 * Its code may do all that its user may: `deno jupyter` takes no permission flags.
 */
export async function writeKernelspec(environment: string): Promise<boolean> {
  const { name } = NOTEBOOK_METADATA.kernelspec;
  const path = join(environment, "share", "jupyter", "kernels", name, "kernel.json");
  const text = `${JSON.stringify(kernelspec(Deno.execPath(), Deno.build.os), undefined, 2)}\n`;
  if (await Deno.readTextFile(path).catch(() => "") === text) return true;
  await Deno.mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, text);
  return false;
}

/**
 * Starts the kernel with interruptions ignored, and beside it a watch that ends it, with the programs that it runs, when the
 * server that started it is gone: a kernel would stay for ever otherwise, with some 200 MB.
 */
const START = [
  "trap '' INT",
  `if [ -n "$JPY_PARENT_PID" ]; then (` +
  `while kill -0 "$JPY_PARENT_PID" && kill -0 $$; do sleep 1; done; kill -9 -- -$$ || kill -9 $$` +
  `) </dev/null >/dev/null 2>&1 & fi`,
  `exec "$@"`,
].join("\n");

/**
 * The kernel as Jupyter starts it. Interruptions come as SIGINT, which would end Deno: the kernel starts with that
 * signal ignored, and `notebooks/display.ts` listens to it. (Sent as messages they stop Deno 2.9.6 from ever
 * answering again.) Windows has no such signal: there an interruption does nothing.
 */
export function kernelspec(deno: string, os: typeof Deno.build.os): Readonly<Record<string, unknown>> {
  const kernel = [deno, "jupyter", "--kernel", "--conn", "{connection_file}"];
  const { display_name, language } = NOTEBOOK_METADATA.kernelspec;
  return {
    argv: os === "windows" ? kernel : ["/bin/sh", "-c", START, "kernel", ...kernel],
    display_name,
    language,
    interrupt_mode: "signal",
  };
}
