/** How long after a sound people type the command: a density over delays, in steps. */
export interface DelayModel {
  /** Width of a step, in seconds. */
  readonly binWidth: number;
  /** Density per second in each step from delay 0 on; they and the rest sum to 1. */
  readonly densities: readonly number[];
}

/** Longest delay that is modelled, in seconds. */
export const MAX_DELAY = 30;

/**
 * Density per second outside of the steps and at least everywhere: a chat clock that is off, or somebody who types
 * before the sound is over.
 */
const FLOOR = 0.002;
const BIN_WIDTH = 0.5;

/**
 * Before any labels: people answer 2 to 15 s after the sound. A log-normal distribution with a median of 6.5 s, of which
 * 94 % lie in that range, rounded by the whole seconds of VOD chats.
 */
export const DEFAULT_DELAYS: DelayModel = Object.freeze(makeDelays((delay) => {
  if (delay <= 0) return 0;
  const distance = Math.log(delay / 6.5) / 0.5;
  return Math.exp(-0.5 * distance * distance) / (delay * 0.5 * Math.sqrt(2 * Math.PI));
}));

/** Density of a delay, per second; above 0 for every delay. */
export function delayDensity(model: DelayModel, delay: number): number {
  const bin = Math.floor(delay / model.binWidth);
  return Math.max(FLOOR, model.densities[bin] ?? 0);
}

/** Delay that a share of the mentions does not exceed, in seconds, rounded up to a whole step. */
export function delayQuantile({ densities, binWidth }: DelayModel, share: number): number {
  let sum = 0;
  const bin = densities.findIndex((density) => (sum += density * binWidth) >= share - 1e-9);
  return (bin < 0 ? densities.length : bin + 1) * binWidth;
}

/**
 * Learns the habits of a channel from delays that are known from labels. Each known delay counts as one, smeared over a
 * second to both sides; what we assumed before counts as `priorWeight` delays, so that a few labels do not narrow it.
 *
 * @param delays Seconds from the onset of a sound to the command of each person; those outside of 0 to 30 s are left out.
 * @throws {RangeError} if `priorWeight` is not above 0.
 */
export function learnDelays(
  delays: readonly number[],
  options: { readonly prior?: DelayModel; readonly priorWeight?: number } = {},
): DelayModel {
  const { prior = DEFAULT_DELAYS, priorWeight = 8 } = options;
  if (!(priorWeight > 0)) throw new RangeError(`priorWeight must be above 0, is ${priorWeight}`);
  const known = delays.filter((delay) => delay >= 0 && delay <= MAX_DELAY);
  return makeDelays((delay) => {
    let sum = priorWeight * delayDensity(prior, delay);
    for (const value of known) sum += Math.max(0, 1 - Math.abs(value - delay)); // a triangle of area 1
    return sum;
  });
}

function makeDelays(density: (delay: number) => number): DelayModel {
  const bins = Array.from(
    { length: MAX_DELAY / BIN_WIDTH },
    (_, i) => Math.max(0, density((i + 0.5) * BIN_WIDTH)),
  );
  const area = bins.reduce((sum, value) => sum + value * BIN_WIDTH, 0);
  return { binWidth: BIN_WIDTH, densities: Object.freeze(bins.map((value) => value / area)) };
}
