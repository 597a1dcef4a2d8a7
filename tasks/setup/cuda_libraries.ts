import { join } from "node:path";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { extractZipEntry, listZip } from "lib/base/system/zip_reader.ts";
import type { SetupContext } from "tasks/setup/piece.ts";

const DOWNLOAD_TIMEOUT_MS = 3_600_000;
// Only TensorFlow's own just-in-time compiler uses this one, which TensorFlow.js does not start.
const UNUSED = /^nvidia-cuda-nvcc-/;

/**
 * Gets NVIDIA's libraries in the versions that a TensorFlow wheel asks for, and puts them beside TensorFlow, where it looks
 * for them itself (`../nvidia/<part>/lib`). The driver must be installed already.
 */
export async function installCudaLibraries(
  tensorflowWheel: string,
  folder: string,
  platform: string,
  context: SetupContext,
): Promise<void> {
  const metadata = (await listZip(tensorflowWheel)).find((entry) =>
    /^[^/]+\.dist-info\/METADATA$/.test(entry.name)
  );
  if (!metadata) throw new SyntaxError(`${tensorflowWheel} has no metadata`);
  await extractZipEntry(tensorflowWheel, metadata, join(folder, "METADATA"));
  const requirements = cudaRequirements(await Deno.readTextFile(join(folder, "METADATA")));
  const python = await requireProgram("python");
  const wheels = join(folder, "wheels");
  context.log.info("native TensorFlow: downloading NVIDIA's libraries (about 2 GB)");
  await runToEnd(python.path, [
    ...[
      "-m",
      "pip",
      "download",
      "--no-deps",
      "--no-cache-dir",
      "--only-binary=:all:",
      "--progress-bar=off",
      "--quiet",
    ],
    ...["--python-version=3.12", `--dest=${wheels}`],
    ...[platform, platform.replace("2_27", "2_17"), platform.replace("_2_27", "2014")].map((name) =>
      `--platform=${name}`
    ),
    ...requirements,
  ], { signal: context.signal, timeoutMs: DOWNLOAD_TIMEOUT_MS });
  for await (const { name } of Deno.readDir(wheels)) {
    const wheel = join(wheels, name);
    for (const entry of await listZip(wheel)) {
      context.signal.throwIfAborted();
      if (/^nvidia\/\w+\/lib\/[^/]+\.so[.\d]*$/.test(entry.name)) {
        await extractZipEntry(wheel, entry, join(folder, entry.name));
      }
    }
    await Deno.remove(wheel);
  }
}

/** NVIDIA's packages that a TensorFlow wheel names in its metadata, as requirements for pip. */
export function cudaRequirements(metadata: string): string[] {
  return [...metadata.matchAll(/^Requires-Dist: (nvidia-[^;\s]+)\s*;\s*extra == "and-cuda"\s*$/gm)]
    .map(([, requirement = ""]) => requirement)
    .filter((requirement) => !UNUSED.test(requirement));
}
