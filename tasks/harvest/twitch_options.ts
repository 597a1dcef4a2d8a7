import type { OptionTable } from "tasks/command.ts";

/** Ways to the media of VODs. */
export const ACCESS_NAMES = ["built-in", "streamlink", "yt-dlp"] as const;

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
