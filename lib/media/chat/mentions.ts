import { createBotFilter } from "lib/media/chat/bots.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";
import type { CommandMatcher } from "lib/media/chat/commands.ts";

/** A moment at which one or more people said that they had just heard the event. */
export interface Mention {
  /** Time of the first message, in seconds from the beginning of the recording. */
  readonly time: number;
  /** Time of the last message, in seconds. */
  readonly lastTime: number;
  /** Time of the first message of each person, in seconds, ascending. */
  readonly times: readonly number[];
  /** Number of people; the weight of the mention. Messages without a name count as one person each. */
  readonly votes: number;
  /** Highest number of events that somebody claimed, such as 3 for `!burp 3`; at least 1. */
  readonly count: number;
}

/** Options of {@link findMentions}. */
interface MentionOptions {
  /** Longest pause between two messages of one burst, in seconds. */
  readonly mergeGap: number;
  /** Longest burst, in seconds; a chat that never stops is cut here. */
  readonly maxDuration: number;
}

/**
 * Six seconds join the slow typists of a burst; people answer within 2 to 15 s of a sound, so that a burst of more
 * than 15 s is more than one event.
 */
const DEFAULT_MENTIONS = Object.freeze({ mergeGap: 6, maxDuration: 15 }) satisfies MentionOptions;

/** What {@link findMentions} made of a chat. */
export interface MentionReport {
  readonly mentions: readonly Mention[];
  /** Number of messages read. */
  readonly messages: number;
  /** Number of messages with the command, of people and bots. */
  readonly commands: number;
  /** Number of messages with the command that were dropped because a bot sent them. */
  readonly botCommands: number;
}

interface Use {
  readonly time: number;
  readonly userName: string | undefined;
  readonly count: number;
}

/**
 * Finds the mentions of an event in a chat: messages with the command, without those of bots, with bursts of people
 * merged into one mention. Only messages with the command are kept in memory.
 *
 * @throws {RangeError} if a duration of the options is below 0.
 */
export async function findMentions(
  messages: AsyncIterable<ChatMessage> | Iterable<ChatMessage>,
  matcher: CommandMatcher,
  options: Partial<MentionOptions> & { readonly isBot?: (message: ChatMessage) => boolean } = {},
): Promise<MentionReport> {
  const { isBot = createBotFilter(), ...rest } = options;
  const uses: Use[] = [];
  let read = 0;
  let commands = 0;
  let botCommands = 0;
  for await (const message of messages) {
    read++;
    const bot = isBot(message); // asked for every message, since the filter learns from announcements
    const use = matcher(message.message);
    if (!use) continue;
    commands++;
    if (bot) botCommands++;
    else uses.push({ time: message.time, userName: message.userName?.toLowerCase(), count: use.count });
  }
  return {
    mentions: mergeUses(uses, { ...DEFAULT_MENTIONS, ...rest }),
    messages: read,
    commands,
    botCommands,
  };
}

function mergeUses(uses: readonly Use[], { mergeGap, maxDuration }: MentionOptions): Mention[] {
  if (!(mergeGap >= 0) || !(maxDuration >= 0)) {
    throw new RangeError(`mergeGap and maxDuration must be at least 0 s, are ${mergeGap} and ${maxDuration}`);
  }
  const bursts: Use[][] = [];
  for (const use of uses.toSorted((a, b) => a.time - b.time)) {
    const burst = bursts.at(-1);
    const joins = burst && use.time - burst.at(-1)!.time <= mergeGap &&
      use.time - burst[0]!.time <= maxDuration;
    if (joins) burst.push(use);
    else bursts.push([use]);
  }
  return bursts.map((burst) => {
    const people = new Set<string>();
    const times: number[] = [];
    for (const { time, userName } of burst) {
      if (userName !== undefined && people.has(userName)) continue;
      if (userName !== undefined) people.add(userName);
      times.push(time);
    }
    return {
      time: burst[0]!.time,
      lastTime: burst.at(-1)!.time,
      times,
      votes: times.length,
      count: Math.max(...burst.map((use) => use.count)),
    };
  });
}
