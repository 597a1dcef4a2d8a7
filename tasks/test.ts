import { defineCommand, runAsMain } from "tasks/command.ts";
import { runChecks } from "tasks/gate/run_checks.ts";
import { ffmpegPiece } from "tasks/setup/ffmpeg_piece.ts";
import { jupyterPiece } from "tasks/setup/jupyter_piece.ts";
import { formatSetup, runSetup } from "tasks/setup/run_setup.ts";
import { separatorPiece } from "tasks/setup/separator_piece.ts";
import { tensorflowPiece } from "tasks/setup/tensorflow_piece.ts";

// Services set it to true, 1 or their own name.
const onCi = !["", "0", "false"].includes(Deno.env.get("CI") ?? "");

const command = defineCommand({
  name: "test",
  summary: "sets up what the tests need and runs them",
  description: "Tests that need a program which is not there and cannot be had are skipped by name. " +
    "Where the environment has CI, --gate and --no-skips are on.",
  positionals: { name: "PATH", help: "test files or folders (default all)" },
  options: {
    gate: { type: "boolean", help: "check format, types, lint, layers and notebooks too" },
    noSkips: { type: "boolean", help: "count skipped tests as failed" },
    setup: { type: "boolean", default: true, help: "do not look for or install anything first" },
    filter: { type: "string", value: "TEXT", help: "run only tests whose name contains this" },
  },
  examples: [
    ["deno task test", "all tests"],
    [
      "deno task test --no-setup tests/media/audio",
      "the tests of one folder, without looking for programs first",
    ],
  ],
  async run({ options, positionals, signal, log, progress, print, printJson }) {
    if (options.setup) {
      const rows = await runSetup([ffmpegPiece, separatorPiece, tensorflowPiece, jupyterPiece], {
        signal,
        log,
        progress,
        retry: false,
      });
      log.info(formatSetup(rows));
    }
    const { filter } = options;
    const gate = options.gate || onCi;
    const noSkips = options.noSkips || onCi;
    const counts = await runChecks({ gate, noSkips, paths: positionals, filter, signal, write: print });
    printJson(counts);
    print(`${counts.passed} passed, ${counts.failed} failed`);
    return counts.failed === 0 ? 0 : 1;
  },
});

if (import.meta.main) await runAsMain(command);
