import { dirname } from "node:path";
import { decodeText } from "lib/base/events/decode_text.ts";
import { readEvents } from "lib/base/events/event_formats.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import { exists } from "lib/base/system/exists.ts";
import { breaksNamed, cutEpisode, cutPath } from "lib/work/ads/cut_episode.ts";
import { defineCommand, EXIT_CODES, UsageError } from "tasks/command.ts";

/** What `ads find` writes beside an episode comes first. */
const ENDINGS = [".ads.csv", ".csv", ".audacity.txt", ".jsonl", ".vtt"];

/** `deno task ads cut`: episodes without their ads. */
export const adsCut = defineCommand({
  name: "ads cut",
  summary: "writes episodes without their ads",
  description:
    "Writes NAME.no-ads.EXT beside each episode: WAV and FLAC cut to the sample, MP3 to the frame with only the frames at a " +
    "cut encoded anew, other codecs as a whole with --encode. Tags and cover stay, chapters move. The original is not touched.",
  positionals: { name: "EPISODE", help: "sound files", min: 1 },
  options: {
    segments: {
      type: "string",
      value: "FILE",
      path: true,
      help: "events of one episode, in a format that find writes",
      defaultText: "NAME.ads.csv, NAME.csv, ... beside it",
    },
    label: { type: "string", value: "NAME", default: "ad", help: "label of what is cut out" },
    output: {
      type: "string",
      short: "o",
      value: "DIR",
      path: true,
      help: "folder",
      defaultText: "beside each",
    },
    encode: { type: "boolean", help: "encode the sound anew where it cannot be cut otherwise" },
    "dry-run": { type: "boolean", help: "list what would be cut, and write nothing" },
  },
  examples: [
    ["deno task ads cut shows/one/03.mp3", "shows/one/03.no-ads.mp3"],
    ["deno task ads cut --segments 03.csv --dry-run 03.flac", "what would go"],
  ],
  async run({ options, positionals, signal, log, print, printJson }) {
    const { label, segments, output, encode } = options;
    if (segments !== undefined && positionals.length > 1) {
      throw new UsageError("--segments is for one episode: put the others' files beside them");
    }
    let failed = false;
    for (const path of positionals) {
      try {
        const breaks = breaksNamed(await readBreaks(path, segments), label);
        if (breaks.length === 0) log.info(`${path}: no "${label}" in its segments, nothing to cut`);
        else if (options["dry-run"]) {
          for (const { start, end } of breaks) print(`${path}\t${start.toFixed(3)}\t${end.toFixed(3)}`);
          printJson({ episode: path, breaks });
        } else {
          const outPath = cutPath(path, output ?? dirname(path));
          if (output) await Deno.mkdir(output, { recursive: true });
          const began = performance.now();
          const cut = await cutEpisode(path, { breaks, outPath, encode, signal });
          print(outPath);
          log.info(
            `${outPath}: ${cut.removed.length} cuts in ${((performance.now() - began) / 1000).toFixed(1)} s`,
          );
          printJson({ episode: path, ...cut });
        }
      } catch (error) {
        if (signal.aborted || positionals.length === 1) throw error;
        log.error(errorMessage(error));
        failed = true;
      }
    }
    return failed ? EXIT_CODES.failed : EXIT_CODES.done;
  },
});

async function readBreaks(episode: string, segments: string | undefined) {
  const stem = episode.replace(/\.[^./\\]*$/, "");
  const beside = segments ? [segments] : ENDINGS.map((ending) => stem + ending);
  for (const file of beside) {
    if (!segments && !await exists(file)) continue;
    try {
      return readEvents(decodeText(await Deno.readFile(file)));
    } catch (error) {
      throw new SyntaxError(`${file}: ${errorMessage(error)}`, { cause: error });
    }
  }
  throw new Error(
    `${episode}: there are no segments beside it (${ENDINGS.join(", ")}): name them with --segments`,
  );
}
