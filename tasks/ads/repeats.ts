import { findRepeats } from "lib/work/ads/repeats.ts";
import { defineCommand } from "tasks/command.ts";

/** `deno task ads repeats`: what stands in more than one episode. */
export const adsRepeats = defineCommand({
  name: "ads repeats",
  summary: "finds every stretch that stands in two episodes, without any label",
  description:
    "Prints one line for each stretch: episode, start and end in seconds, in how many of the episodes it stands, and whether it " +
    "looks like an ad or like the show's own (short, and in nearly all episodes). Level and codec may differ.",
  positionals: { name: "EPISODE", help: "sound files of one show", min: 2 },
  options: {
    shortest: { type: "number", min: 1, default: 5, help: "shortest stretch, in seconds" },
  },
  examples: [["deno task ads repeats shows/one/01.mp3 shows/one/02.mp3", "what both have in common"]],
  async run({ options, positionals, signal, progress, print, printJson }) {
    const bar = await progress.start("episodes", positionals.length);
    try {
      const { shortest } = options;
      const found = await findRepeats(positionals, {
        shortest,
        signal,
        onEpisode: (heard) => bar.update(heard),
      });
      for (const { episode, repeats } of found) {
        for (const { start, end, episodes, kind } of repeats) {
          print(`${episode}\t${start.toFixed(2)}\t${end.toFixed(2)}\t${episodes}\t${kind}`);
        }
      }
      printJson(found);
    } finally {
      bar.stop();
    }
  },
});
