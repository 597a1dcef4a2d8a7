import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { runInherited } from "lib/base/system/run_program.ts";
import { GATE_CHECKS } from "tasks/gate/gate.ts";
import { countTests, type TestCounts } from "tasks/gate/junit.ts";
import { findTestFiles } from "tasks/gate/test_files.ts";
import { CACHE_FOLDER } from "tasks/setup/piece.ts";

/** What {@link runChecks} runs. */
interface CheckOptions {
  /** Whether to check format, types, lint, layers and notebooks first. */
  readonly gate: boolean;
  /** Whether a skipped test is a failure. */
  readonly noSkips: boolean;
  /** Test files or folders; all by default. */
  readonly paths: readonly string[];
  /** Only tests whose name contains this. */
  readonly filter?: string | undefined;
  readonly signal: AbortSignal;
  /** Gets a line at a time. */
  readonly write: (line: string) => void;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
// Tests may talk to servers that they start themselves, and to nobody else.
const PERMISSIONS = ["read", "write", "env", "run", "ffi", "sys", "net=127.0.0.1,localhost,[::1]"];
/**
 * Runs the gate and the tests; every check of the gate counts as a test.
 *
 * @throws {RangeError} when no test is asked for, which would otherwise look like success.
 */
export async function runChecks(options: CheckOptions): Promise<TestCounts> {
  let passed = 0;
  let failed = 0;
  if (options.gate) {
    for (const check of GATE_CHECKS) {
      const problem = await check.run(options.signal);
      options.write(`${check.name} ... ${problem === "" ? "ok" : "FAILED"}`);
      if (problem !== "") options.write(problem);
      problem === "" ? passed++ : failed++;
    }
  }
  const tests = await runTests(options);
  if (tests.passed + tests.failed + tests.skipped.length === 0) {
    const where = options.paths.length === 0 ? "" : ` in ${options.paths.join(", ")}`;
    const { filter } = options;
    throw new RangeError(
      filter === undefined ? `No test${where}` : `No test${where} has "${filter}" in its name`,
    );
  }
  for (const name of tests.skipped) {
    options.write(`skipped${options.noSkips ? " (counts as failed)" : ""}: ${name}`);
  }
  return {
    passed: passed + tests.passed,
    failed: failed + tests.failed + (options.noSkips ? tests.skipped.length : 0),
    skipped: tests.skipped,
  };
}

// Never in parallel: some tests set environment variables of the whole process.
async function runTests(options: CheckOptions): Promise<TestCounts> {
  const paths = options.paths.map((path) => normalize(path).replace(/[\\/]$/, ""));
  const files = await findTestFiles(paths.length > 0 ? paths : ["lib", "tests"], ROOT);
  const runs = [
    { files: files.restricted, flags: PERMISSIONS.map((name) => `--allow-${name}`) },
    { files: files.unrestricted, flags: ["--allow-all"] },
  ];
  let counts: TestCounts = { passed: 0, failed: 0, skipped: [] };
  for (const run of runs) {
    if (run.files.length === 0) continue;
    const { passed, failed, skipped } = await runDenoTest([...run.flags, ...run.files], options);
    counts = {
      passed: counts.passed + passed,
      failed: counts.failed + failed,
      skipped: [...counts.skipped, ...skipped],
    };
  }
  return counts;
}

async function runDenoTest(args: readonly string[], options: CheckOptions): Promise<TestCounts> {
  await Deno.mkdir(CACHE_FOLDER, { recursive: true });
  const junit = join(CACHE_FOLDER, `tests-${Deno.pid}.xml`);
  try {
    // The examples in doc comments are tests, too; they import more than they use, which the type check would not pass.
    const status = await runInherited(Deno.execPath(), [
      ...["test", "--doc", "--no-check", `--junit-path=${junit}`],
      ...(options.filter === undefined ? [] : [`--filter=${options.filter}`]),
      ...args,
    ], { cwd: ROOT, signal: options.signal });
    const counts = countTests(await Deno.readTextFile(junit).catch(() => ""), options.filter);
    // A file that does not load, or tests that leave something open, show in the exit code alone.
    const unseen = !status.success && counts.failed === 0;
    return unseen ? { ...counts, failed: 1 } : counts;
  } finally {
    await Deno.remove(junit).catch(() => {});
  }
}
