import type { TrainConfig } from "lib/learning/train/train_config.ts";

/** Changes of the sound and of its mixing that a training can do without, to see what each is worth. */
export const AUGMENTATIONS = [
  "speed",
  "tilt",
  "equaliser",
  "room",
  "gain",
  "masks",
  "distractors",
  "hard-negatives",
] as const;
type Augmentation = (typeof AUGMENTATIONS)[number];

/** What each augmentation does, in a few words. */
export const AUGMENTATION_NAMES = {
  speed: "speed and pitch changed",
  tilt: "highs against lows tilted",
  equaliser: "a band raised or lowered",
  room: "events placed in a room",
  gain: "loudness of the whole window changed",
  masks: "stripes of the spectrogram blanked out",
  distractors: "other sounds placed like events",
  "hard-negatives": "negatives that are mistaken shown more often",
} as const satisfies Record<Augmentation, string>;

/** The same training without one augmentation. */
export function withoutAugmentation(config: TrainConfig, augmentation: Augmentation): TrainConfig {
  const { mixture, masks } = config;
  const mixed = (change: Partial<TrainConfig["mixture"]>): TrainConfig => ({
    ...config,
    mixture: { ...mixture, ...change },
  });
  switch (augmentation) {
    case "speed":
      return mixed({ speed: 0 });
    case "tilt":
      return mixed({ tilt: 0 });
    case "equaliser":
      return mixed({ equaliserShare: 0 });
    case "room":
      return mixed({ roomShare: 0 });
    case "gain":
      return mixed({ gainDb: [0, 0] });
    case "masks":
      return { ...config, masks: { ...masks, share: 0 } };
    case "distractors":
      return mixed({ distractorShare: 0 });
    case "hard-negatives":
      return mixed({ hardShare: 0 });
  }
}
