import { ACCESS_NAMES } from "lib/media/platforms/port/live_channel.ts";
import type { OptionTable } from "tasks/command.ts";

/** VODs of a whole channel, for commands that read many. */
export const CHANNEL_OPTIONS = {
  channel: {
    type: "string",
    value: "NAME",
    help:
      "all VODs of this channel that Twitch still has, or folder://DIR: all recordings of a folder, the oldest first",
  },
  since: {
    type: "string",
    value: "SPAN",
    help: "with --channel: only VODs of the last 30d, 36h or 2w, or since a date such as 2026-11-01",
  },
} as const satisfies OptionTable;

/** How Twitch is reached, for every command that reads VODs. */
export const TWITCH_OPTIONS = {
  quality: {
    type: "string",
    env: "VIDEO_QUALITY",
    value: "NAME",
    help: "rendition of VODs, such as 480p or source",
    defaultText: "the lowest with sound",
  },
  token: {
    type: "string",
    env: "TWITCH_TOKEN",
    secret: true,
    help: "auth-token cookie of twitch.tv, for VODs that only you may see",
  },
  access: { type: "string", choices: ACCESS_NAMES, default: "built-in", help: "way to the media of VODs" },
} as const satisfies OptionTable;
