import { loadEngine } from "lib/learning/train/engine.ts";
import { DEFAULT_SEGMENTER } from "lib/learning/train/train_segmenter.ts";
import { exists } from "lib/base/system/exists.ts";
import { labelledEpisode } from "lib/work/ads/labelled_episodes.ts";
import { trainShow } from "lib/work/ads/train_show.ts";
import { defineCommand, UsageError } from "tasks/command.ts";
import { chosenClasses, CLASS_OPTIONS } from "tasks/ads/options.ts";

/** `deno task ads train`: a model of a show from labelled episodes. */
export const adsTrain = defineCommand({
  name: "ads train",
  summary: "learns what is an ad from labelled episodes of a show",
  description:
    "Labels lie beside each episode: NAME.segments.txt, NAME.audacity.txt, a table NAME.csv, or a segments.txt for the folder. " +
    "The listener hears each episode once; layers over time learn on what it hears.",
  positionals: { name: "EPISODE", help: "labelled episodes", min: 1 },
  options: {
    ...CLASS_OPTIONS,
    output: {
      type: "string",
      short: "o",
      value: "DIR",
      path: true,
      default: "models/ads",
      help: "new folder of the model",
    },
    steps: {
      type: "integer",
      min: 1,
      max: 99_999,
      default: DEFAULT_SEGMENTER.steps,
      help: "steps of the training",
    },
    seed: { type: "string", value: "TEXT", default: "1", help: "the same seed gives the same model" },
    base: {
      type: "string",
      value: "DIR",
      path: true,
      help: "model that hears",
      defaultText: "models/listener",
    },
  },
  examples: [["deno task ads train show/01.mp3 show/02.mp3 -o models/show", "a model of the show"]],
  async run({ options, positionals, signal, progress, log, print, printJson }) {
    const { output, steps, seed, base } = options;
    if (await exists(output)) {
      throw new UsageError(`${output} is there already: name a new folder with --output`);
    }
    const classes = chosenClasses(options);
    const episodes = [];
    for (const path of positionals) {
      episodes.push(await labelledEpisode(path, { classes, beginsWith: options.beginsWith, signal }));
    }
    const engine = await loadEngine();
    const bar = await progress.start("steps", steps);
    try {
      for await (const news of trainShow(episodes, { output, engine, classes, seed, steps, base, signal })) {
        if (news.kind === "heard") log.info(`heard ${positionals[news.recordings - 1]}`);
        if (news.kind === "step") bar.update(news.step, `loss ${news.loss.toFixed(3)}`);
      }
    } finally {
      bar.stop();
    }
    print(output);
    printJson({ model: output, episodes: episodes.length });
  },
});
