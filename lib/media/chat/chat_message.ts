/** One chat message, placed on the time line of its recording. */
export interface ChatMessage {
  /** When it was sent, in seconds from the beginning of the recording. */
  readonly time: number;
  readonly message: string;
  /** Login or display name of the sender; absent where the file has none. */
  readonly userName?: string;
  /** Whether Twitch marks the sender as a bot; absent where it does not, and where the file does not say. */
  readonly isBot?: boolean;
}

/** What the readers of chat files have in common. */
export interface ChatReadOptions {
  /** Name of the file for error messages. Default `chat`. */
  readonly source?: string;
  /**
   * Called with the error of each row that cannot be read, which is then skipped. Without it the first such row
   * ends the reading by being thrown.
   */
  readonly onBadRow?: (error: SyntaxError) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Longest row or comment that is accepted, in characters. Twitch allows 500 characters in a message; emotes and
 * badges in JSON exports take some thousand more. The bound keeps an unclosed quote from filling the memory.
 */
export const MAX_ROW_CHARACTERS = 1 << 20;

/** A clear error about one place of a chat file, such as `chats/x.csv, line 7: no message`. */
export function chatError(source: string, line: number, problem: string, cause?: unknown): SyntaxError {
  return new SyntaxError(`${source}, line ${line}: ${problem}`, cause === undefined ? {} : { cause });
}
