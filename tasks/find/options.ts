import { EVENT_FORMAT_NAMES } from "lib/events/event_formats.ts";
import type { OptionTable } from "tasks/command.ts";

const MOST_SECONDS = 3600;

/** What `find` takes. */
export const FIND_OPTIONS = {
  model: {
    type: "list",
    short: "m",
    value: "DIR",
    path: true,
    default: ["models/burp"],
    help: "model folder; the scores of several are averaged",
  },
  event: { type: "list", value: "NAME", help: "sound to look for; by default all that the model knows" },
  threshold: {
    type: "number",
    min: 0,
    max: 1,
    value: "P",
    help: "score that an event needs; by default what was tuned for the model, else 0.5",
  },
  minDuration: { type: "number", min: 0, max: MOST_SECONDS, value: "S", help: "drop shorter events" },
  mergeGap: {
    type: "number",
    min: 0,
    max: MOST_SECONDS,
    value: "S",
    help: "join events across shorter gaps",
  },
  pad: {
    type: "number",
    min: 0,
    max: MOST_SECONDS,
    value: "S",
    help: "seconds added to both ends of each event",
  },
  maxDuration: {
    type: "number",
    min: 0.01,
    max: MOST_SECONDS,
    value: "S",
    help: "cut longer events into pieces",
  },
  format: {
    type: "list",
    separator: ",",
    choices: [...EVENT_FORMAT_NAMES, "html"],
    default: ["csv"],
    value: "NAMES",
    help: "what to write",
  },
  output: {
    type: "string",
    short: "o",
    value: "DIR",
    path: true,
    default: "data/found",
    help: "where to keep what is found; - keeps nothing",
  },
  clips: { type: "boolean", help: "cut a WAV clip for each event" },
  url: {
    type: "string",
    value: "URL",
    help: "address or VOD id of the recording, for links to the events",
  },
  template: {
    type: "string",
    value: "CLIP.wav",
    path: true,
    help: "search in slices of this clip's length and rate instead of frame by frame",
  },
  sliceOverlap: {
    type: "integer",
    min: 1,
    max: 100,
    default: 4,
    env: "SLICE_OVERLAP",
    value: "K",
    help: "with --template: how many slices contain each point",
  },
  consecutive: {
    type: "integer",
    min: 1,
    value: "N",
    help: "with --template: how many slices in a row must be positive (default 2, or 1 without overlap)",
  },
  locate: {
    type: "string",
    choices: ["intersection", "union"],
    default: "intersection",
    help: "with --template: where the event is in consecutive slices",
  },
  jobs: {
    type: "integer",
    min: 1,
    max: 64,
    value: "N",
    help: "recordings to search at a time (default: by cores)",
  },
  threads: { type: "integer", min: 1, max: 64, default: 1, value: "N", help: "threads of the network" },
  resume: { type: "boolean", default: true, help: "do finished recordings again" },
  force: { type: "boolean", help: "do everything again, and overwrite files that you changed" },
  dryRun: { type: "boolean", help: "say what would be done, and do nothing" },
} as const satisfies OptionTable;
