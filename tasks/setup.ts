import { defineCommand, runAsMain } from "tasks/command.ts";
import { ffmpegPiece } from "tasks/setup/ffmpeg_piece.ts";
import { jupyterPiece } from "tasks/setup/jupyter_piece.ts";
import { formatSetup, runSetup } from "tasks/setup/run_setup.ts";
import { tensorflowPiece } from "tasks/setup/tensorflow_piece.ts";

const PIECES = { ffmpeg: ffmpegPiece, tensorflow: tensorflowPiece, jupyter: jupyterPiece };
const NAMES = ["ffmpeg", "tensorflow", "jupyter"] as const;

const command = defineCommand({
  name: "setup",
  summary: "fetches what is optional or large, piece by piece",
  description:
    "What is there already is left alone. A piece that cannot be had does not stop the others; the table in the " +
    "end says what that costs. Everything goes into this project's folder.",
  options: {
    only: { type: "list", separator: ",", choices: NAMES, default: NAMES, help: "pieces to set up" },
    retry: { type: "boolean", help: "try again what failed before and has a lesser stand-in" },
  },
  examples: [
    ["deno task setup", "sets up everything"],
    ["deno task setup --only ffmpeg,tensorflow", "leaves Jupyter out"],
  ],
  async run({ options, signal, log, print, printJson }) {
    const wanted = NAMES.filter((name) => options.only.includes(name));
    const rows = await runSetup(wanted.map((name) => PIECES[name]), { signal, log, retry: options.retry });
    print(formatSetup(rows));
    printJson(rows);
  },
});

if (import.meta.main) await runAsMain(command);
