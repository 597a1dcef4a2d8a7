import { type BenchContext } from "tasks/bench/bench_context.ts";
import { describeSection, type SectionName, type SectionResult, SECTIONS } from "tasks/bench/comparison.ts";
import { benchFeatures } from "tasks/bench/features_section.ts";
import { benchFind } from "tasks/bench/find_section.ts";
import { createPeers } from "tasks/bench/peers.ts";
import { benchMentions } from "tasks/bench/mentions_section.ts";
import { benchQueue } from "tasks/bench/queue_section.ts";
import { describeTable, type TableResult } from "tasks/bench/table.ts";
import { benchResources } from "tasks/bench/resources_section.ts";
import { benchTrain } from "tasks/bench/train_section.ts";
import { defineCommand, runAsMain, UsageError } from "tasks/command.ts";

/** `deno task bench`: measures speed, beside peers where they are at hand, and what the harvest and the queue are worth. */
export const bench = defineCommand({
  name: "bench",
  summary: "measures speed, beside other software where it is at hand, and how well chat leads to sounds",
  description:
    "Times each contestant in a process of its own, by turns and with equal threads, and prints medians and ratios. " +
    "The peers are Python scripts: time_logmel.py, time_find.py and time_train_step.py in the folder --peers, " +
    "and one of ours that trains our network in PyTorch. `mentions` plants chat on streams with known events and says " +
    "how often the first candidate is right; `queue` says how many labels the queue saves.",
  positionals: { name: "SECTION", help: `what to measure: ${SECTIONS.join(", ")} (default all)` },
  options: {
    peers: { type: "string", path: true, value: "DIR", help: "folder with the scripts that time the peers" },
    python: {
      type: "string",
      value: "PATH",
      help: "Python that has their packages",
      defaultText: "the one that is found",
    },
    rounds: { type: "integer", min: 1, max: 101, default: 5, help: "times that each contestant runs" },
    model: {
      type: "string",
      short: "m",
      path: true,
      value: "DIR",
      default: "models/burp",
      help: "model that find uses",
    },
    streams: {
      type: "list",
      path: true,
      value: "PATH",
      help: "annotated recordings for mentions and queue, or folders of them",
    },
    clipFolder: {
      type: "string",
      formerly: "clips",
      path: true,
      value: "DIR",
      help: "folder with <event>-audio and folders of other sounds, to train on for mentions",
    },
    models: {
      type: "string",
      path: true,
      value: "DIR",
      help: "folder of models of twelve clips for mentions; missing ones are trained, minutes each",
    },
  },
  examples: [
    ["deno task bench features", "speed of log-mel alone"],
    [
      "deno task bench mentions --streams vods --clip-folder clips --models /tmp/models",
      "chat and sounds of your own",
    ],
    ["deno task bench --peers ../bench --python ../venv/bin/python", "everything, beside the peers"],
  ],
  run: async ({ options, positionals, log, print, printJson, signal }) => {
    const unknown = positionals.find((name) => !isSection(name));
    if (unknown !== undefined) throw new UsageError(`"${unknown}" is no section: ${SECTIONS.join(", ")}`);
    const peers = createPeers({ folder: options.peers, python: options.python, signal });
    const context: BenchContext = { peers, rounds: options.rounds, log, signal };
    const measure: Record<SectionName, () => Promise<SectionResult | TableResult>> = {
      features: () => benchFeatures(context),
      find: () => benchFind(context, options.model),
      resources: () => benchResources(context, options.model),
      train: () => benchTrain(context),
      mentions: () => benchMentions(context, options),
      queue: () => benchQueue(context, { streams: options.streams, trunk: "models/base" }),
    };
    for (const name of SECTIONS) {
      if (positionals.length > 0 && !positionals.includes(name)) continue;
      const result = await measure[name]();
      ("rows" in result ? describeTable(result) : describeSection(result)).forEach(print);
      printJson(result);
    }
  },
});

function isSection(name: string): name is SectionName {
  return SECTIONS.some((section) => section === name);
}

if (import.meta.main) await runAsMain(bench);
