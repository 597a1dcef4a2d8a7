import { basename, dirname } from "node:path";
import { separateRecording } from "lib/work/separate/separate_recording.ts";
import { chooseSeparator } from "lib/work/separate/choose_separator.ts";
import { defineCommand, runAsMain } from "tasks/command.ts";

/** `deno task separate`: the voice of a recording, and everything else in it. */
export const separateCommand = defineCommand({
  name: "separate",
  summary: "takes the voice out of recordings: two files, voice and game",
  description:
    "Writes NAME.voice.wav and NAME.game.wav beside each recording, or in the folder that --output names: game is what is left " +
    "without the voice, so that both add up to the sound. Nothing is replaced without --force.\n" +
    "DeepFilterNet3 separates where `deno task setup --only separator` has fetched it, at two to ten times the speed of the " +
    "sound; else a plain filter does. --separator takes a file of Demucs as ONNX, too, which hears music better and is slow.",
  positionals: { name: "RECORDING", help: "sound or video files", min: 1 },
  options: {
    output: {
      type: "string",
      short: "o",
      value: "DIR",
      path: true,
      help: "folder for the stems",
      defaultText: "beside each",
    },
    separator: {
      type: "string",
      value: "NAME",
      help: "deepfilternet, filter, or a file of Demucs (.onnx)",
      defaultText: "deepfilternet where it is there",
    },
    container: {
      type: "string",
      choices: ["wav", "same"],
      default: "wav",
      help: "same: as the recording is, picture included, its sound encoded anew",
    },
    track: { type: "string", value: "TRACK", help: "audio track to hear: its number, language or title" },
    force: { type: "boolean", help: "replace stems that are there" },
  },
  examples: [
    ["deno task separate data/vods/evening.mkv", "evening.voice.wav and evening.game.wav"],
    ["deno task separate --container same --output stems evening.mp4", "two videos"],
    ["deno task separate --separator htdemucs.onnx song.flac", "by Demucs"],
  ],
  async run({ options, positionals, signal, log, progress, print, printJson }) {
    const { separator: choice, output, container, track, force } = options;
    const separator = await chooseSeparator(choice, { onNote: (text) => log.info(text) });
    const results = [];
    for (const path of positionals) {
      const folder = output ?? dirname(path);
      const bar = await progress.start(basename(path), 0, "seconds");
      try {
        const files = await separateRecording(path, {
          ...{ separator, folder, container, track, force, signal },
          onWarning: (text) => log.warn(text),
          onNote: (text) => log.info(text),
          onProgress(seconds, duration) {
            bar.setTotal(duration ?? seconds);
            bar.update(seconds);
          },
        });
        results.push({ recording: path, separator: separator.name, ...files });
        print(files.voice);
        print(files.game);
      } finally {
        bar.stop();
      }
    }
    printJson(results);
  },
});

if (import.meta.main) await runAsMain(separateCommand);
