import { mergeSpans, type TimeSpan } from "lib/base/events/time_span.ts";
import { createBotFilter } from "lib/media/chat/bots.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";
import { createSilenceCollector } from "lib/media/chat/chat_silences.ts";
import { type CommandMatcher, createCommandMatcher } from "lib/media/chat/commands.ts";
import { findMentions, type MentionReport } from "lib/media/chat/mentions.ts";

/** What a chat says about a sound. */
export interface ChatEvidence extends MentionReport {
  /**
   * Times of every message that may be about the sound, in seconds, ascending: the command of people and of bots, misspelt
   * commands, and the name of the sound itself. No negative is taken from before one of them.
   */
  readonly hints: readonly number[];
  /** Time of the last message, in seconds; of what comes after it the chat says nothing. */
  readonly lastMessage: number;
  /**
   * Where the chat says nothing for a while, in seconds: before its first message, between two, and without end after the
   * last. That nobody mentioned the sound there is no evidence that it was not heard.
   */
  readonly silences: readonly TimeSpan[];
}

/** What is looked for in a chat. */
export interface EvidenceOptions {
  /** As `createCommandMatcher` takes it. */
  readonly command: string;
  /** Name of the sound. */
  readonly event: string;
  /** Logins of bots of the channel. */
  readonly bots?: readonly string[];
}

/** A misspelt command is this close to the command: letters swapped, left out, doubled or wrong. */
const MAX_SLIPS = 2;

/**
 * Reads a chat once and collects the mentions of a sound and everything that may be about it.
 *
 * @throws {SyntaxError} for a wrong command, and what reading the messages throws.
 */
export async function readEvidence(
  messages: AsyncIterable<ChatMessage> | Iterable<ChatMessage>,
  { command, event, bots = [] }: EvidenceOptions,
): Promise<ChatEvidence> {
  const matcher = createCommandMatcher(command);
  const isHint = createHintMatcher(command, event, matcher);
  const hints: number[] = [];
  const collector = createSilenceCollector();
  let lastMessage = 0;
  async function* watched(): AsyncGenerator<ChatMessage> {
    for await (const message of messages) {
      lastMessage = Math.max(lastMessage, message.time);
      collector.add(message.time);
      if (isHint(message.message)) hints.push(message.time);
      yield message;
    }
  }
  const report = await findMentions(watched(), matcher, { isBot: createBotFilter({ bots }) });
  return { ...report, hints: hints.sort((a, b) => a - b), lastMessage, silences: collector.silences() };
}

/**
 * The parts of a recording in which the sound may be, because somebody said something that may be about it.
 *
 * @param lookBack How long before a message the sound may be, in seconds.
 * @param margin Added at both ends, in seconds.
 */
export function hintedSpans(hints: readonly number[], lookBack: number, margin = 2): TimeSpan[] {
  return mergeSpans(
    hints.map((time) => ({ start: Math.max(0, time - lookBack - margin), end: time + 1 + margin })),
  );
}

function createHintMatcher(
  command: string,
  event: string,
  matcher: CommandMatcher,
): (message: string) => boolean {
  const word = command.trim().toLowerCase();
  // A regular expression has no spelling that one could slip from.
  const spelt = /^\S+$/.test(word) && !word.startsWith("/") ? word : undefined;
  const allowed = spelt === undefined ? 0 : Math.min(MAX_SLIPS, Math.floor((spelt.length - 1) / 3));
  const name = event.toLowerCase();
  return (message) => {
    const text = message.toLowerCase();
    if (matcher(message) || text.includes(name)) return true;
    if (spelt === undefined) return false;
    return text.split(/\s+/).some((part) =>
      part.charAt(0) === spelt.charAt(0) && Math.abs(part.length - spelt.length) <= allowed &&
      countSlips(part, spelt) <= allowed
    );
  };
}

/** Fewest insertions, deletions, replacements and swaps of neighbours between two words (Damerau 1964). */
function countSlips(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(rows[i - 1]![j - 1]! + (same ? 0 : 1), rows[i - 1]![j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
