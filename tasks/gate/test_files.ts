import { join } from "node:path";

// Deno lets nobody read /proc who has not all permissions. Some tests look there for processes left over, and the package
// that drives the browser looks there for the kind of system. One listens on all addresses of this machine.
const UNRESTRICTED: readonly string[] = [
  "tests/media/audio/ffmpeg_decoder_test.ts",
  "tests/work/live/no_orphans_test.ts",
  "tests/work/live/soak_test.ts",
  "tests/notebooks/lab_figures_test.ts",
  "tests/notebooks/lab_test.ts",
  "tests/notebooks/many_outputs_test.ts",
  "tests/notebooks/notebook_ends_test.ts",
  "tests/show/report/report_in_chromium_test.ts",
  "tests/tasks/bot_test.ts",
  "tests/tasks/find_report_test.ts",
  "tests/web/pages/attacks_test.ts",
  "tests/web/browser/answers_to_training_test.ts",
  "tests/web/browser/clips_in_chromium_test.ts",
  "tests/web/browser/containers_in_chromium_test.ts",
  "tests/web/browser/recordings_in_chromium_test.ts",
  "tests/web/browser/transfer_in_chromium_test.ts",
];

/** Test files by what they may do. */
interface TestFiles {
  readonly restricted: readonly string[];
  /** Those that cannot do without all permissions. */
  readonly unrestricted: readonly string[];
}

/**
 * Finds the files of tests, and those with examples in doc comments.
 *
 * They are listed one by one since `deno test --ignore` is heeded for the first of several folders only (2.9.6).
 *
 * @param root Folder that `paths` and the result are seen from.
 * @throws {Deno.errors.NotFound} when there is no such file or folder.
 */
export async function findTestFiles(paths: readonly string[], root: string): Promise<TestFiles> {
  const files = new Set<string>();
  for (const path of paths) {
    for await (const file of walk(path, root)) {
      if (file === path || await hasTests(file, root)) files.add(file);
    }
  }
  const all = [...files].toSorted();
  return {
    restricted: all.filter((file) => !UNRESTRICTED.includes(file)),
    unrestricted: all.filter((file) => UNRESTRICTED.includes(file)),
  };
}

/**
 * Finds the files of tests that do more in a long run: those that import `tests/long_run.ts`.
 *
 * @param root Folder that `paths` and the result are seen from.
 * @throws {Deno.errors.NotFound} when there is no such file or folder.
 */
export async function findLongTests(paths: readonly string[], root: string): Promise<string[]> {
  const files = new Set<string>();
  for (const path of paths) {
    for await (const file of walk(path, root)) {
      if (!file.endsWith("_test.ts")) continue;
      if ((await Deno.readTextFile(join(root, file))).includes('from "tests/long_run.ts"')) files.add(file);
    }
  }
  return [...files].toSorted();
}

async function* walk(path: string, root: string): AsyncGenerator<string> {
  if ((await Deno.stat(join(root, path))).isFile) return yield path.replaceAll("\\", "/");
  for await (const entry of Deno.readDir(join(root, path))) {
    if (entry.isDirectory || entry.name.endsWith(".ts")) yield* walk(join(path, entry.name), root);
  }
}

async function hasTests(file: string, root: string): Promise<boolean> {
  return file.endsWith("_test.ts") || (await Deno.readTextFile(join(root, file))).includes("* ```ts");
}
