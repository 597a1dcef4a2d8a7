/** How a recording is harvested. */
export interface HarvestSettings {
  /** Name of the sound, such as `burp`. */
  readonly event: string;
  /** Chat command that mentions it, as `createCommandMatcher` takes it. */
  readonly command: string;
  /** How long before the first message the sound is looked for, in seconds; by default as far as delays reach. */
  readonly lookBack?: number | undefined;
  /** Candidates of a mention that are kept. */
  readonly keep: number;
  /** A first candidate that is less probable is kept for a person to decide on. */
  readonly minProbability: number;
  /** Negative clips for each positive one. */
  readonly negativesPerPositive: number;
  /** Score from which a place that nobody mentioned counts as a confident mistake of the model, from 0 to 1. */
  readonly hardScore: number;
}

/** What `harvest` does unless told otherwise. */
export const DEFAULT_HARVEST = Object.freeze(
  {
    event: "burp",
    command: "!burp",
    keep: 3,
    minProbability: 0.4,
    negativesPerPositive: 2,
    hardScore: 0.8,
  },
) satisfies HarvestSettings;
