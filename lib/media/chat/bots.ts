import type { ChatMessage } from "lib/media/chat/chat_message.ts";

/** Logins of bots that many channels have, lower case. What they say is no witness of a sound. */
const KNOWN_BOTS = [
  "botisimo",
  "botrix",
  "botrixoficial",
  "coebot",
  "commanderroot",
  "creatisbot",
  "deepbot",
  "dixperbro",
  "frostytoolsdotcom",
  "fossabot",
  "kofistreambot",
  "lattemotte",
  "moobot",
  "nightbot",
  "overlayexpert",
  "own3d",
  "phantombot",
  "playwithviewersbot",
  "pokemoncommunitygame",
  "pretzelrocks",
  "restreambot",
  "sery_bot",
  "snusbot",
  "songlistbot",
  "soundalerts",
  "stay_hydrated_bot",
  "streamelements",
  "streamlabs",
  "streamstickers",
  "supibot",
  "tangiabot",
  "titlechange_bot",
  "wizebot",
  "wzbot",
] as const satisfies readonly string[];

/** Twitch's own mark of an account that a program speaks through, as badges name it. */
export const BOT_BADGE = "bot-badge";

/** What marks the messages of this project's own bot. */
interface BotFilterOptions {
  /** Logins of the own bot and of other bots of the channel, in any case, with or without `@`. */
  readonly bots?: readonly string[];
  /**
   * How announcements of the own bot begin. Whoever sends one counts as a bot from then on, so that its command,
   * which follows the announcement, is dropped also where its login is not known. Default `[bot]`.
   */
  readonly announcementPrefixes?: readonly string[];
}

/**
 * Filter that tells messages of bots from those of people; it learns from badges and announcements, so it wants the messages of
 * one recording in the order of time.
 */
export function createBotFilter(options: BotFilterOptions = {}): (message: ChatMessage) => boolean {
  const bots = new Set<string>(KNOWN_BOTS);
  for (const name of options.bots ?? []) bots.add(normaliseLogin(name));
  const prefixes = (options.announcementPrefixes ?? ["[bot]"]).map((prefix) => prefix.trim().toLowerCase())
    .filter((prefix) => prefix !== "");
  return ({ userName, message, isBot }) => {
    const login = userName === undefined ? undefined : normaliseLogin(userName);
    if (login !== undefined && isBot) bots.add(login);
    if (isBot || (login !== undefined && bots.has(login))) return true;
    const text = message.trimStart().toLowerCase();
    if (!prefixes.some((prefix) => text.startsWith(prefix))) return false;
    if (login !== undefined) bots.add(login);
    return true;
  };
}

function normaliseLogin(name: string): string {
  return name.trim().replace(/^@/, "").toLowerCase();
}
