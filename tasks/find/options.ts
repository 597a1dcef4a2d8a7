import { EVENT_FORMAT_NAMES } from "lib/base/events/event_formats.ts";
import type { OptionGroups, OptionTable } from "tasks/command.ts";
import { CHANNEL_OPTIONS, TWITCH_OPTIONS } from "tasks/harvest/twitch_options.ts";

const MOST_SECONDS = 3600;

/** What `find` takes. */
export const FIND_OPTIONS = {
  model: {
    type: "list",
    short: "m",
    value: "DIR",
    path: true,
    help: "model folder; the scores of several are averaged",
    defaultText: "models/listener if setup got it, else models/burp",
  },
  sound: {
    type: "list",
    value: "WORD",
    help: "sound to look for, of hundreds: its name or a part of it, such as laughter",
    defaultText: "burp",
  },
  sounds: { type: "boolean", help: "list the sounds that can be looked for, and do nothing else" },
  heard: { type: "boolean", help: "say what is heard when, of all sounds that the listener knows" },
  event: {
    type: "list",
    value: "NAME",
    help: "sound to look for, by a model's own name for it",
    defaultText: "all that --model knows",
  },
  threshold: {
    type: "number",
    min: 0,
    max: 1,
    value: "P",
    help: "score that an event needs",
    defaultText: "what was tuned for the model, else 0.5",
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
    value: "NAMES",
    help: "what to write; events are then printed as CSV on a terminal, too",
    defaultText: "csv",
  },
  output: {
    type: "string",
    short: "o",
    value: "DIR",
    path: true,
    default: "data/found",
    help: "where to keep what is found; - keeps nothing",
  },
  clips: { type: "boolean", help: "cut a clip for each event, of videos also with picture" },
  open: { type: "boolean", help: "write a report, and open it in the browser" },
  scores: {
    type: "boolean",
    default: true,
    help: "do not keep the scores that the labelling page shows over time (scores.bin, 45 kB an hour)",
  },
  url: {
    type: "string",
    value: "URL",
    help: "address or VOD id of the recording, for links to the events",
  },
  keep: { type: "boolean", help: "keep the media of VODs, each as one file in --vods" },
  vods: {
    type: "string",
    value: "DIR",
    path: true,
    default: "data/vods",
    help: "folder of VODs that are kept; those in it are not fetched again",
  },
  ...CHANNEL_OPTIONS,
  ...TWITCH_OPTIONS,
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
    help: "with --template: how many slices in a row must be positive",
    defaultText: "2, or 1 without overlap",
  },
  locate: {
    type: "string",
    choices: ["intersection", "union"],
    default: "intersection",
    help: "with --template: where the event is in consecutive slices",
  },
  like: {
    type: "list",
    value: "CLIP",
    path: true,
    help: "find what sounds like this clip, or any of several, without a model",
  },
  top: {
    type: "integer",
    min: 1,
    max: 10_000,
    default: 20,
    value: "N",
    help: "with --like: how many to find in each recording",
  },
  track: {
    type: "string",
    value: "TRACK",
    help: "audio track to hear: its number, language or title",
    defaultText: "the one that players play",
  },
  jobs: {
    type: "integer",
    min: 1,
    max: 64,
    value: "N",
    help: "recordings to search at a time",
    defaultText: "by cores",
  },
  threads: {
    type: "integer",
    min: 1,
    max: 64,
    value: "N",
    help: "threads of the network",
    defaultText: "by cores, at most 4",
  },
  resume: { type: "boolean", default: true, help: "do finished recordings again" },
  force: { type: "boolean", help: "do everything again, and overwrite files that you changed" },
  dryRun: { type: "boolean", help: "say what would be done, and do nothing" },
} as const satisfies OptionTable;

/** How `--help` groups them. */
export const FIND_GROUPS: OptionGroups<typeof FIND_OPTIONS> = {
  "What an event is": ["minDuration", "mergeGap", "pad", "maxDuration"],
  "Twitch VODs": ["channel", "since", "keep", "vods", "url", "quality", "token", "access"],
  "By the sound of a clip": ["like", "top", "template", "sliceOverlap", "consecutive", "locate"],
  "How it works": ["resume", "force", "dryRun", "scores", "track", "jobs", "threads"],
};
