import { fileURLToPath } from "node:url";
import { defineCommand, runAsMain } from "tasks/command.ts";
import { runChecks } from "tasks/gate/run_checks.ts";
import { findLongTests } from "tasks/gate/test_files.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

const command = defineCommand({
  name: "test:long",
  summary: "runs the tests that take samples of something endless, with many samples",
  description:
    "Hundreds of faults of a server, kills of running commands, thousands of damaged files. Takes from " +
    "many minutes to hours, prints figures, and installs nothing. `deno task test` runs the same tests with few samples.",
  positionals: { name: "PATH", help: "test files or folders (default all)" },
  options: {
    filter: { type: "string", value: "TEXT", help: "run only tests whose name contains this" },
  },
  examples: [
    ["deno task test:long", "all of them"],
    ["deno task test:long tests/work/harvest", "those of one folder"],
  ],
  async run({ options, positionals, signal, print, printJson }) {
    const paths = await findLongTests(positionals.length > 0 ? positionals : ["tests"], ROOT);
    if (paths.length === 0) throw new RangeError(`No test in ${positionals.join(", ")} has a long run`);
    Deno.env.set("BURP_FINDER_LONG", "1");
    const { filter } = options;
    const counts = await runChecks({ gate: false, noSkips: false, paths, filter, signal, write: print });
    printJson(counts);
    print(`${counts.passed} passed, ${counts.failed} failed`);
    return counts.failed === 0 ? 0 : 1;
  },
});

if (import.meta.main) await runAsMain(command);
