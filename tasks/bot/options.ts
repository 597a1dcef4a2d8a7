import type { OptionGroups, OptionTable } from "tasks/command.ts";
import { FIND_OPTIONS } from "tasks/find/options.ts";
import { TWITCH_OPTIONS } from "tasks/harvest/twitch_options.ts";

/** What `bot` takes. */
export const BOT_OPTIONS = {
  channel: { type: "string", short: "c", value: "NAME", help: "Twitch channel to listen to and to chat in" },
  source: {
    type: "string",
    value: "SOURCE",
    help: "listen to this instead: address of a playlist, file, or mic for the microphone",
  },
  live: { type: "boolean", help: "really send messages; without it they are only shown" },
  sender: {
    type: "string",
    choices: ["chat", "helix"],
    default: "chat",
    help: "way to send: the chat itself, or Twitch's API, which says what became of each message",
  },
  model: FIND_OPTIONS.model,
  votes: {
    type: "integer",
    min: 1,
    value: "N",
    help: "of several models so many must agree, instead of their mean",
  },
  sound: {
    type: "string",
    value: "WORD",
    help: "sound to answer, of hundreds: its name or a part of it, such as laughter",
    defaultText: "burp",
  },
  event: {
    type: "string",
    value: "NAME",
    help: "sound to answer, by a model's own name for it; by default the first that --model knows",
  },
  threshold: { type: "number", min: 0.05, max: 1, value: "P", help: "score that an event needs" },
  command: { type: "string", value: "TEXT", help: "what to say about it (default !<event>)" },
  announce: { type: "boolean", default: true, help: "say only the command, nothing before it" },
  announcement: {
    type: "string",
    value: "TEXT",
    help: "what to say before the command (default [bot] detected <event>)",
  },
  cooldown: {
    type: "number",
    min: 0,
    max: 86_400,
    default: 31,
    value: "S",
    help: "least time between two answers",
  },
  human: {
    type: "number",
    min: 0,
    max: 600,
    default: 5,
    value: "S",
    help: "stay silent if a person typed the command so shortly before",
  },
  maxAge: {
    type: "number",
    min: 1,
    max: 3600,
    default: 8,
    value: "S",
    help: "stay silent about a sound that comes, or can be answered, only so much later than usual",
  },
  budget: { type: "integer", min: 1, max: 1000, default: 120, value: "N", help: "most messages in an hour" },
  output: {
    type: "string",
    short: "o",
    value: "DIR",
    path: true,
    default: "data/found",
    help: "where clips of detections are kept, in a folder for each channel; - keeps nothing",
  },
  detections: {
    type: "integer",
    formerly: "keep",
    min: 1,
    max: 100_000,
    default: 1000,
    value: "N",
    help: "how many detections are kept; the oldest go first",
  },
  chats: {
    type: "string",
    value: "DIR",
    path: true,
    default: "data/chats",
    help: "where the chat is written down; - writes nothing",
  },
  clipFolder: {
    type: "string",
    value: "DIR",
    path: true,
    default: "data/clips",
    help: "clips to train on, where ?wrong puts its own",
  },
  botToken: {
    type: "string",
    env: "TWITCH_BOT_TOKEN",
    secret: true,
    help: "access token of the bot's account",
  },
  botRefreshToken: {
    type: "string",
    env: "TWITCH_BOT_REFRESH_TOKEN",
    secret: true,
    help: "to get another access token when that one ends",
  },
  clientId: {
    type: "string",
    env: "TWITCH_CLIENT_ID",
    value: "TEXT",
    help: "application that the refresh token belongs to",
  },
  clientSecret: {
    type: "string",
    env: "TWITCH_CLIENT_SECRET",
    secret: true,
    help: "secret of that application, where it has one",
  },
  healthPort: {
    type: "integer",
    min: 0,
    max: 65_535,
    value: "PORT",
    help: "tell on this port of this machine how the bot is doing, as JSON at /health; 0 takes a free one",
  },
  replay: {
    type: "string",
    value: "RECORDING",
    path: true,
    help: "run against a recording, or a VOD by id, and say what would have been said",
  },
  chat: { type: "string", value: "FILE", path: true, help: "with --replay: its chat" },
  annotations: {
    type: "string",
    value: "FILE",
    path: true,
    help: "with --replay: where the sound really is, for false alarms",
  },
  speed: {
    type: "number",
    min: 0.1,
    max: 10_000,
    value: "X",
    help: "with --replay: seconds of the recording in a second (default as fast as it goes)",
  },
  report: {
    type: "string",
    value: "FILE.html",
    path: true,
    help: "with --replay: write a page with a timeline",
  },
  ...TWITCH_OPTIONS,
} as const satisfies OptionTable;

/** How `--help` groups them. */
export const BOT_GROUPS: OptionGroups<typeof BOT_OPTIONS> = {
  "What it says, and when": ["command", "announce", "announcement", "cooldown", "human", "maxAge", "budget"],
  "Its account on Twitch": ["sender", "botToken", "botRefreshToken", "clientId", "clientSecret"],
  "On a recording": ["replay", "chat", "annotations", "speed", "report"],
  "What it keeps": ["output", "detections", "chats", "clipFolder"],
  "How it listens": ["source", "votes", "quality", "token", "access", "healthPort"],
};
