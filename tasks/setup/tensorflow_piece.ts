import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { errorMessage } from "lib/base/system/error_message.ts";
import { leadsSomewhere } from "lib/base/system/exists.ts";
import { findProgram, requireProgram } from "lib/base/system/programs.ts";
import { ProgramError, runToEnd } from "lib/base/system/run_program.ts";
import { extractZipEntry, listZip } from "lib/base/system/zip_reader.ts";
import { installCudaLibraries } from "tasks/setup/cuda_libraries.ts";
import { CACHE_FOLDER, type Piece, type SetupContext } from "tasks/setup/piece.ts";
import { installPrebuilt } from "tasks/setup/prebuilt_tensorflow.ts";
import { downloadWheel } from "tasks/setup/python_wheel.ts";

const VERSION = "2.21.0";
const PLATFORMS: Readonly<Record<string, string>> = {
  "linux-x86_64": "manylinux_2_27_x86_64",
  "linux-aarch64": "manylinux_2_27_aarch64",
};
const COMPILE_TIMEOUT_MS = 900_000;
const TRY_TIMEOUT_MS = 120_000;

/** Native TensorFlow: a binding that works, else the package's own download, else one compiled against PyPI's TensorFlow. */
export const tensorflowPiece: Piece = {
  name: "native TensorFlow",
  costs: "training uses WebGPU or WebAssembly, which is several times slower without a good GPU",
  async install(context) {
    const hasGpu = await findProgram("nvidia-smi") !== undefined;
    const before = await tryEngine(context);
    if ("device" in before && !(context.retry && hasGpu && before.device === "CPU")) {
      return { state: "found", detail: `runs on the ${before.device}` };
    }
    context.log.debug(`native TensorFlow: ${JSON.stringify(before)}`);
    const ways = [
      {
        what: "the package's own download (TensorFlow 2.9)",
        run: () => installPrebuilt(packageFolder(), context),
      },
      {
        what: `compiled against TensorFlow ${VERSION} from PyPI`,
        run: () => compileBinding(hasGpu, context),
      },
    ];
    // The package's own binary needs CUDA 11, which today's GPUs do not run.
    if (hasGpu) ways.reverse();
    const problems: string[] = [];
    for (const { what, run } of ways) {
      try {
        await run();
        const result = await tryEngine(context);
        if ("device" in result) {
          return { state: "installed", detail: `${what}; runs on the ${result.device}` };
        }
        problems.push(`${what}: ${result.problem}`);
      } catch (error) {
        context.signal.throwIfAborted();
        problems.push(`${what}: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
      }
      context.log.debug(`native TensorFlow: ${problems.at(-1)}`);
    }
    // The engine choice must not try a binding that is known not to work.
    await Deno.remove(bindingPath()).catch(() => {});
    return { state: "missing", detail: problems.join("; ") };
  },
};

/** Folder of the package whose binding is installed. */
function packageFolder(): string {
  return dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-node-gpu/package.json"));
}

function bindingPath(): string {
  return join(packageFolder(), "lib", "napi-v8", "tfjs_binding.node");
}

/** What the native engine computes on, or why it does not work. */
async function tryEngine(context: SetupContext): Promise<{ device: string } | { problem: string }> {
  const file = new URL("./try_native_engine.ts", import.meta.url).href;
  const permissions = ["--allow-read", "--allow-env", "--allow-ffi", "--allow-sys"];
  try {
    const { stdout } = await runToEnd(
      Deno.execPath(),
      ["run", "--quiet", "--no-check", ...permissions, file],
      {
        signal: context.signal,
        timeoutMs: TRY_TIMEOUT_MS,
      },
    );
    return { device: new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "" };
  } catch (error) {
    context.signal.throwIfAborted();
    // The line that names the error, of the many that surround it.
    const said = error instanceof ProgramError ? stripVTControlCharacters(error.stderrTail) : "";
    return {
      problem: /^error:.*$/m.exec(said)?.[0] ?? errorMessage(error),
    };
  }
}

async function compileBinding(hasGpu: boolean, context: SetupContext): Promise<void> {
  const platform = PLATFORMS[`${Deno.build.os}-${Deno.build.arch}`];
  if (!platform) throw new Error(`PyPI's TensorFlow is not used on ${Deno.build.os} ${Deno.build.arch}`);
  const compiler = await requireProgram("c++");
  const project = hasGpu ? "tensorflow" : "tensorflow-cpu";
  const libraries = await unpackTensorFlow(project, `cp312-cp312-${platform}`, context);
  const folder = packageFolder();
  const target = bindingPath();
  await Deno.mkdir(dirname(target), { recursive: true });
  context.log.info("native TensorFlow: compiling the binding");
  const headers = join(
    dirname(createRequire(import.meta.url).resolve("node-api-headers/package.json")),
    "include",
  );
  await runToEnd(compiler.path, [
    ...["-std=c++17", "-O2", "-fPIC", "-shared", "-DNAPI_VERSION=8", "-w"],
    ...[headers, join(libraries, "include"), folder].map((path) => `-I${path}`),
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => join(folder, "binding", name)),
    ...[
      `-L${libraries}`,
      "-l:libtensorflow_cc.so.2",
      "-l:libtensorflow_framework.so.2",
      // An absolute path: after the project has moved, this has to be done again.
      `-Wl,-rpath,${libraries}`,
    ],
    ...["-o", `${target}.tmp`],
  ], { signal: context.signal, timeoutMs: COMPILE_TIMEOUT_MS });
  await Deno.rename(`${target}.tmp`, target);
}

/** Gets the two libraries and the few headers that the binding needs; gives their folder. */
async function unpackTensorFlow(project: string, tag: string, context: SetupContext): Promise<string> {
  const folder = join(CACHE_FOLDER, "tensorflow", `${project}-${VERSION}`);
  const complete = join(folder, "complete");
  if (await leadsSomewhere(complete)) return join(folder, "tensorflow");
  await Deno.mkdir(folder, { recursive: true });
  const megabytes = project === "tensorflow" ? 600 : 280;
  context.log.info(`native TensorFlow: downloading ${project} ${VERSION} (about ${megabytes} MB)`);
  const wheel = await downloadWheel({ project, version: VERSION, tag, megabytes }, folder, context);
  context.log.info("native TensorFlow: unpacking");
  for (const entry of await listZip(wheel)) {
    context.signal.throwIfAborted();
    if (isNeeded(entry.name)) await extractZipEntry(wheel, entry, join(folder, entry.name));
  }
  if (project === "tensorflow") {
    await installCudaLibraries(wheel, folder, tag.split("-").at(-1) ?? "", context);
  }
  await Deno.remove(wheel);
  await Deno.writeTextFile(complete, "");
  return join(folder, "tensorflow");
}

function isNeeded(name: string): boolean {
  if (name.includes("..")) return false;
  if (/^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/.test(name)) return true;
  return /^tensorflow\/include\/(tensorflow\/(c|core|tsl)|xla\/tsl|tsl)\//.test(name) && name.endsWith(".h");
}
