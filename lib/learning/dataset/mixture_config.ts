/** How training windows are mixed out of clips. Every range is drawn from evenly. */
export interface MixtureConfig {
  /** Length of a window, in seconds. */
  readonly windowSeconds: number;
  /** Share of windows that hold an event. */
  readonly positiveShare: number;
  /** Share of windows that are made over background of recordings, where there is some. */
  readonly recordingShare: number;
  /** Most background clips in a window. */
  readonly maxBackgrounds: number;
  /** Level of each background clip, in dB relative to full scale. */
  readonly backgroundDb: readonly [number, number];
  /** Share of windows into which another sound is placed just as an event would be. */
  readonly distractorShare: number;
  /** Share of these that are drawn by how readily the network takes them for an event. */
  readonly hardShare: number;
  /** Level of events and distractors over what is under them, in dB. */
  readonly snrDb: readonly [number, number];
  /** Gain over the whole window, in dB. */
  readonly gainDb: readonly [number, number];
  /** Largest relative change of speed. */
  readonly speed: number;
  /** Largest spectral tilt. */
  readonly tilt: number;
  /** Share of events and distractors that are given an equaliser band, and its largest gain in dB. */
  readonly equaliserShare: number;
  readonly equaliserDb: number;
  /** Share of events and distractors that are placed in a room. */
  readonly roomShare: number;
}

export const DEFAULT_MIXTURE = Object.freeze(
  {
    windowSeconds: 2.56,
    positiveShare: 0.5,
    recordingShare: 0.6,
    maxBackgrounds: 3,
    backgroundDb: [-45, -22],
    distractorShare: 0.6,
    hardShare: 0.6,
    snrDb: [-2, 15],
    gainDb: [-12, 6],
    speed: 0.16,
    tilt: 0.7,
    equaliserShare: 0.8,
    equaliserDb: 12,
    roomShare: 0.5,
  } as const satisfies MixtureConfig,
);
