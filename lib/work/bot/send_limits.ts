/** What a bot may say and how often. Times are in milliseconds of a clock that never runs backwards. */
export interface SendLimits {
  /** Most messages in any {@link windowMs}. */
  readonly maxPerWindow: number;
  readonly windowMs: number;
  /** Least time between two messages. */
  readonly spacingMs: number;
  /** Least time between two messages with the same text, unless the bot is a moderator of the channel. */
  readonly repeatMs: number;
  /** Least time between the commands of two events; events meanwhile are not spoken about. */
  readonly cooldownMs: number;
  /**
   * A message about a sound that came, or could be answered, only so much later than usual is dropped: an answer to
   * something long past confuses.
   */
  readonly expiryMs: number;
  /** Nothing is said about an event if a person typed the command so shortly before it, or while it waits. */
  readonly humanMs: number;
  /** Most messages in any hour. */
  readonly hourlyBudget: number;
  /** Longer messages are cut. */
  readonly maxCharacters: number;
}

/**
 * Below what Twitch allows: it ignores for half an hour who sends more than 20 messages in 30 s, drops the same text
 * within 30 s, and splits or refuses messages of 500 characters and more.
 */
export const DEFAULT_LIMITS = Object.freeze(
  {
    maxPerWindow: 18,
    windowMs: 30_000,
    spacingMs: 1_100,
    repeatMs: 31_000,
    cooldownMs: 31_000,
    expiryMs: 8_000,
    humanMs: 5_000,
    hourlyBudget: 120,
    maxCharacters: 499,
  } as const satisfies SendLimits,
);
