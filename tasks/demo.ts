import { defineCommand, runAsMain } from "tasks/command.ts";

/** `deno task demo`: the whole path from a recording to a report, on a recording whose truth is known. */
export const demo = defineCommand({
  name: "demo",
  summary: "makes a stream with known burps, finds them, and shows how well that went",
  description:
    "Synthesises data/demo/demo.wav with its truth and a chat beside it, searches it as `find` does, compares what " +
    "was found with the truth, and writes events.csv, clips and report.html to data/demo/found/demo. It needs no " +
    "network and no ffmpeg, and data/demo may be deleted at any time.",
  options: {
    model: {
      type: "string",
      short: "m",
      value: "DIR",
      path: true,
      defaultText: "what `find` asks",
      help: "model to use",
    },
    minutes: { type: "number", min: 1, max: 600, default: 10, help: "length of the stream" },
    events: { type: "integer", min: 1, max: 10_000, default: 20, help: "burps in it" },
    seed: { type: "string", value: "TEXT", default: "demo", help: "another seed makes another stream" },
    pictures: {
      type: "string",
      value: "DIR",
      path: true,
      help: "also draw the pictures that the README shows of it (needs Chromium)",
    },
  },
  examples: [
    ["deno task demo", "ten minutes with twenty burps"],
    ["deno task demo --seed mine --minutes 60 --events 100", "a longer one"],
  ],
  run: async (context) => {
    // Loaded here, so that help and wrong usage need none of it.
    const { runDemo } = await import("tasks/demo/run_demo.ts");
    await runDemo(context);
  },
});

if (import.meta.main) await runAsMain(demo);
