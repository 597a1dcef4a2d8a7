import { basename, dirname, join } from "node:path";
import { EVENT_FORMAT_NAMES, EVENT_FORMATS } from "lib/base/events/event_formats.ts";
import { formatClockMs } from "lib/base/events/clock_time.ts";
import { exists } from "lib/base/system/exists.ts";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import { findBreaks } from "lib/work/ads/find_breaks.ts";
import { breaksOf } from "lib/work/ads/segment.ts";
import { openShowModel } from "lib/work/ads/show_model.ts";
import { SHOW_OPTIONS } from "tasks/ads/options.ts";
import { defineCommand } from "tasks/command.ts";

/** `deno task ads find`: where the ads of episodes are. */
export const adsFind = defineCommand({
  name: "ads find",
  summary: "finds the ads of episodes, each boundary where the sound changes",
  description:
    "Prints the ads of each episode, and writes them as NAME.ads.csv, or in another format, beside it or into a folder.",
  positionals: { name: "EPISODE", help: "episodes", min: 1 },
  options: {
    ...SHOW_OPTIONS,
    output: {
      type: "string",
      short: "o",
      value: "DIR",
      path: true,
      help: "folder for what is found",
      defaultText: "beside each",
    },
    format: { type: "string", choices: EVENT_FORMAT_NAMES, default: "csv", help: "format of the file" },
    force: { type: "boolean", help: "replace what was found before" },
  },
  examples: [["deno task ads find -m models/show show/03.mp3", "show/03.ads.csv"]],
  async run({ options, positionals, signal, progress, log, print, printJson }) {
    const show = await openShowModel(options.model);
    const format = EVENT_FORMATS[options.format];
    const results = [];
    let failed = false;
    for (const path of positionals) {
      const name = basename(path).replace(/\.[^.]*$/, "");
      const file = join(options.output ?? dirname(path), `${name}.ads.${format.extension}`);
      if (!options.force && await exists(file)) {
        log.info(`${file} is there already; --force searches again`);
        continue;
      }
      const bar = await progress.start(basename(path), 0, "seconds");
      try {
        const { segments } = await findBreaks(path, show, {
          signal,
          onWarning: (text) => log.warn(text),
          onProgress(seconds, duration) {
            bar.setTotal(duration ?? seconds);
            bar.update(seconds);
          },
        });
        const breaks = breaksOf(segments, show.classes);
        await Deno.mkdir(dirname(file), { recursive: true });
        await writeFileAtomic(file, format.write(breaks));
        for (const { onset, offset, score } of breaks) {
          print(`${path}  ${formatClockMs(onset)}  ${formatClockMs(offset)}  ${score?.toFixed(2)}`);
        }
        if (breaks.length === 0) log.info(`${path}: no ${show.classes.ad} in it`);
        results.push({ episode: path, segments });
      } catch (error) {
        signal.throwIfAborted();
        // The others are searched all the same.
        log.error(errorMessage(error));
        failed = true;
      } finally {
        bar.stop();
      }
    }
    printJson(results);
    return failed ? 1 : 0;
  },
});
