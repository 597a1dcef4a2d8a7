import { defineCommand, runAsMain } from "tasks/command.ts";
import { FIND_GROUPS, FIND_OPTIONS } from "tasks/find/options.ts";

/** `deno task find`: finds every occurrence of a sound in recordings. */
export const find = defineCommand({
  name: "find",
  summary: "finds every occurrence of a sound in recordings",
  description:
    "Prints one line for each event, as CSV where --format is given or something else than a person reads it, and " +
    "keeps what it finds under --output, in a folder for each recording. A " +
    "recording that was searched before in the same way is not searched again. The scores of all frames are kept, too: " +
    "the labelling page draws them over time. WAV files are read directly, " +
    "everything else through ffmpeg. Twitch VODs, named by id or address, are searched while their sound is fetched, " +
    "and nothing of them is stored without --keep.\n" +
    "Burps are looked for unless --sound says otherwise: by the listener that setup fetches, which knows 521 sounds, else by " +
    "models/burp. The listener's scores are not calibrated; --threshold and tune fit them to your recordings.\n" +
    "Where tune --calibrate taught the model what its scores are worth, CSV has a last column and JSON a field " +
    "probability, from 0 to 1: how likely the event is right. The threshold is held against the score all the same.",
  positionals: {
    name: "RECORDING",
    help:
      "sound or video files, folders, globs, ids or addresses of Twitch VODs, and folder://DIR/NAME for a recording with its chat",
    min: 0,
  },
  options: FIND_OPTIONS,
  groups: FIND_GROUPS,
  examples: [
    ["deno task find data/vods/stream.mkv", "print the burps, and keep them in data/found/stream"],
    ["deno task find --open data/vods/stream.mkv", "the same as a page with pictures and players"],
    [
      "deno task find --clips --format csv,html --threshold 0.7 data/vods",
      "a whole folder, with clips and report",
    ],
    ["deno task find --model models/a --model models/b --output - --json a.wav", "two models, nothing kept"],
    [
      "deno task find --sound laughter --sound cough a.mkv",
      "other sounds; --sounds lists those that are known",
    ],
    ["deno task find --heard a.mkv", "what is heard when, of all sounds that are known"],
    [
      "deno task find --like burp.wav --top 30 a.mkv",
      "the 30 places that sound most like a clip",
    ],
    ["deno task find 1746376348", "a VOD, with links to the moments; --keep also keeps it"],
    ["deno task find --template data/clips/burp-audio/a.wav --slice-overlap 4 a.flac", "slice by slice"],
  ],
  run: async (context) => {
    // Loaded here, so that help and wrong usage need none of it.
    const { findAll } = await import("tasks/find/find_all.ts");
    return await findAll(context);
  },
});

if (import.meta.main) await runAsMain(find);
