import { defineCommand, runAsMain } from "tasks/command.ts";
import { runChecks } from "tasks/gate/run_checks.ts";

const command = defineCommand({
  name: "ok",
  summary: "runs everything that must hold before a change goes in",
  description:
    "Format, types, lint with the import table, notebooks, tests. Installs nothing; `deno task setup` does.",
  options: {},
  examples: [["deno task ok", "checks the whole project"]],
  async run({ signal, print, printJson }) {
    const counts = await runChecks({ gate: true, noSkips: false, paths: [], signal, write: print });
    printJson(counts);
    print(`${counts.passed} passed, ${counts.failed} failed`);
    return counts.failed === 0 ? 0 : 1;
  },
});

if (import.meta.main) await runAsMain(command);
