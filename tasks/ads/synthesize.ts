import { join } from "node:path";
import { writeCsvEvents } from "lib/base/events/csv_events.ts";
import { exists } from "lib/base/system/exists.ts";
import { createShow } from "lib/learning/synthesis/podcast.ts";
import { createSayer } from "lib/learning/synthesis/say.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { defineCommand, UsageError } from "tasks/command.ts";

/** Of the episodes, in Hz. */
const SAMPLE_RATE = 22_050;

/** `deno task ads synthesize`: episodes of a made show with their truth. */
export const adsSynthesize = defineCommand({
  name: "ads synthesize",
  summary: "makes episodes of a podcast, with known advertisements, to try things on",
  positionals: { name: "FOLDER", help: "new folder of the show", min: 1, max: 1 },
  options: {
    episodes: { type: "integer", min: 1, max: 999, default: 4, help: "episodes to make" },
    minutes: { type: "number", min: 0.2, default: 8, help: "talk in each episode" },
    breaks: { type: "integer", min: 0, max: 20, default: 2, help: "breaks in each, of one to three ads" },
    ads: { type: "integer", min: 1, max: 99, default: 8, help: "ads that the episodes draw from" },
    hostRead: { type: "number", min: 0, max: 1, default: 0.25, help: "share of the ads that a host reads" },
    seed: { type: "string", value: "TEXT", default: "1", help: "the same seed gives the same show" },
  },
  examples: [["deno task ads synthesize shows/one", "four episodes, and their truth as tables"]],
  async run({ options, positionals, signal, progress, print, printJson }) {
    const [folder = ""] = positionals;
    if (await exists(folder)) throw new UsageError(`${folder} is there already: name a new folder`);
    await Deno.mkdir(folder, { recursive: true });
    const sayer = await createSayer({ sampleRate: SAMPLE_RATE, signal });
    const bar = await progress.start("episodes", options.episodes);
    try {
      const { seed, hostRead, minutes, breaks, ads: count } = options;
      const show = await createShow({ seed, hostRead, ads: count, sampleRate: SAMPLE_RATE, sayer });
      for (let i = 1; i <= options.episodes; i++) {
        signal.throwIfAborted();
        const name = String(i).padStart(2, "0");
        const { samples, segments } = await show.episode(name, { minutes, breaks });
        const path = join(folder, `${name}.wav`);
        await writeWav(path, samples, { sampleRate: SAMPLE_RATE });
        const ads = segments.filter(({ label }) => label === "ad");
        await Deno.writeTextFile(join(folder, `${name}.csv`), writeCsvEvents(ads));
        bar.update(i);
        print(path);
        printJson({ episode: path, segments });
      }
    } finally {
      bar.stop();
      await sayer.close();
    }
  },
});
