import { DEFAULT_HARVEST } from "lib/work/harvest/harvest_options.ts";
import type { OptionGroups, OptionTable } from "tasks/command.ts";
import { CHANNEL_OPTIONS, TWITCH_OPTIONS } from "tasks/harvest/twitch_options.ts";

/** Options of `deno task harvest`. */
export const HARVEST_OPTIONS = {
  event: { type: "string", value: "NAME", default: DEFAULT_HARVEST.event, help: "name of the sound" },
  sound: {
    type: "string",
    value: "WORD",
    help: "sound that the listener knows, by a part of its name; gives --event and --model",
  },
  command: {
    type: "string",
    value: "TEXT",
    help: "chat command that mentions it, or /regular expression/",
    defaultText: "! and the name of the sound",
  },
  vod: {
    type: "list",
    value: "ID",
    help: "only this VOD (id or address), or folder://DIR/NAME; fetches a VOD's chat if that is not there",
  },
  ...CHANNEL_OPTIONS,
  local: {
    type: "list",
    path: true,
    value: "RECORDING",
    help: "a recording that you have; goes with the chat of the VOD id in its name, else by order",
  },
  offset: {
    type: "list",
    value: "S",
    help: "seconds into the stream at which --local begins; one for all, or one for each",
  },
  track: {
    type: "string",
    value: "TRACK",
    help: "audio track of --local to hear: its number, language or title",
    defaultText: "the one that players play",
  },
  lookBack: {
    type: "number",
    min: 1,
    max: 300,
    value: "S",
    help: "seconds before the first message that are listened to",
    defaultText: "as far as the channel's delays reach, 20 at most",
  },
  bot: { type: "list", value: "LOGIN", help: "a bot of the channel, whose messages are no mentions" },
  candidates: {
    type: "integer",
    formerly: "keep",
    min: 1,
    max: 20,
    default: DEFAULT_HARVEST.keep,
    help: "candidates of each mention that are kept",
  },
  minProbability: {
    type: "number",
    min: 0,
    max: 1,
    value: "P",
    default: DEFAULT_HARVEST.minProbability,
    help: "a best candidate that is less probable waits for a person",
  },
  negatives: {
    type: "number",
    min: 0,
    max: 100,
    value: "N",
    default: DEFAULT_HARVEST.negativesPerPositive,
    help: "negative clips for each positive one",
  },
  model: {
    type: "string",
    short: "m",
    path: true,
    value: "DIR",
    help: "model as a further witness",
    defaultText: "models/listener for what it knows, unless models/<event> is your own; none for none",
  },
  hardScore: {
    type: "number",
    min: 0,
    max: 1,
    default: DEFAULT_HARVEST.hardScore,
    help: "score from which a place that nobody mentioned is a mistake of the model, for hard negatives",
  },
  ...TWITCH_OPTIONS,
  video: {
    type: "boolean",
    help: "also cut the video of each positive and negative clip, where there is a picture",
  },
  data: {
    type: "string",
    path: true,
    value: "DIR",
    default: "data",
    help: "folder of chats, clips and labels",
  },
  report: {
    type: "boolean",
    help: "also write a page: mentions over time, delays, what was skipped and why",
  },
  dryRun: { type: "boolean", help: "only say what there is to do" },
} as const satisfies OptionTable;

/** How `--help` groups them. */
export const HARVEST_GROUPS: OptionGroups<typeof HARVEST_OPTIONS> = {
  "What counts as a mention, and where the sound is": ["command", "bot", "lookBack", "offset", "track"],
  "Which clips are kept": ["candidates", "minProbability", "negatives", "hardScore", "video"],
  "Twitch VODs": ["quality", "token", "access"],
};
