import { defineCommand, runAsMain } from "tasks/command.ts";
import { ffmpegPiece } from "tasks/setup/ffmpeg_piece.ts";
import { jupyterPiece } from "tasks/setup/jupyter_piece.ts";
import { listenerPiece } from "tasks/setup/listener_piece.ts";
import { formatSetup, runSetup } from "tasks/setup/run_setup.ts";
import { separatorPiece } from "tasks/setup/separator_piece.ts";
import { tensorflowPiece } from "tasks/setup/tensorflow_piece.ts";

const PIECES = {
  ffmpeg: ffmpegPiece,
  listener: listenerPiece,
  separator: separatorPiece,
  tensorflow: tensorflowPiece,
  jupyter: jupyterPiece,
};
const NAMES = ["ffmpeg", "listener", "separator", "tensorflow", "jupyter"] as const;

const command = defineCommand({
  name: "setup",
  summary: "fetches what is optional or large, piece by piece",
  description:
    "What is there already is left alone. A piece that cannot be had does not stop the others; the table in the " +
    "end says what that costs. Everything goes into this project's folder. The listener is a network that knows 521 " +
    "sounds, of Google's (Apache-2.0); YAMNET_PATH names a copy of its file that you have. " +
    "The separator, which separate uses, is DeepFilterNet3 (MIT or Apache-2.0).",
  options: {
    only: { type: "list", separator: ",", choices: NAMES, default: NAMES, help: "pieces to set up" },
    force: {
      type: "boolean",
      help: "take a file of the listener that is not the published one, and replace what is there",
    },
    retry: { type: "boolean", help: "try again what failed before and has a lesser stand-in" },
  },
  examples: [
    ["deno task setup", "sets up everything"],
    ["deno task setup --only ffmpeg,tensorflow", "leaves the others out"],
    ["YAMNET_PATH=yamnet.tflite deno task setup --only listener", "the listener, from a file"],
  ],
  async run({ options, signal, log, progress, print, printJson }) {
    const wanted = NAMES.filter((name) => options.only.includes(name));
    const { retry, force } = options;
    const rows = await runSetup(wanted.map((name) => PIECES[name]), { signal, log, progress, retry, force });
    print(formatSetup(rows));
    printJson(rows);
  },
});

if (import.meta.main) await runAsMain(command);
