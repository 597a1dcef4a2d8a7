import { createRandom } from "lib/base/numbers/random.ts";
import { synthesizeBurp } from "lib/learning/synthesis/burp.ts";
import { RECORDED_BURPS } from "lib/learning/synthesis/recorded_burps.ts";
import { measureSound, type SoundMeasures } from "lib/learning/synthesis/sound_measures.ts";
import { type DistributionPanel, percentilesOf, plotDistributions } from "lib/show/plots/distributions.ts";
import type { Figure } from "lib/show/plots/figure.ts";

const SAMPLE_RATE = 16000;

type Measure = keyof typeof RECORDED_BURPS;

const PANELS = {
  duration: ["Duration", "s", true],
  centroid: ["Spectral centroid", "Hz", true],
  rolloff50: ["Half of the energy below", "Hz", true],
  rolloff85: ["85 % of the energy below", "Hz", true],
  rolloff95: ["95 % of the energy below", "Hz", true],
  flatness: ["Spectral flatness", "0 to 1", true],
  pulseRate: ["Pulse rate where periodic", "Hz", true],
  periodicShare: ["Periodic part", "0 to 1", false],
} as const satisfies Record<Measure, readonly [quantity: string, unit: string, log: boolean]>;

/** What is compared. */
interface BurpPictureOptions {
  /** How many synthetic burps are measured. */
  readonly count: number;
  readonly seed: string;
  readonly signal: AbortSignal;
  readonly onProgress: (measured: number) => void;
}

/** Synthetic burps beside recorded ones, measure by measure; yields to the event loop so that it can be interrupted. */
export async function drawBurpPicture(options: BurpPictureOptions): Promise<Figure> {
  const { count, seed, signal, onProgress } = options;
  const random = createRandom(seed);
  const measured: SoundMeasures[] = [];
  while (measured.length < count) {
    const burp = synthesizeBurp(random.fork(`burp ${measured.length}`), { sampleRate: SAMPLE_RATE });
    measured.push(measureSound(burp, { sampleRate: SAMPLE_RATE }));
    onProgress(measured.length);
    if (measured.length % 20 === 0) await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
  }
  const panels = (Object.keys(PANELS) as Measure[]).map((name): DistributionPanel => {
    const [quantity, unit, log] = PANELS[name];
    const values = measured.map((each) => each[name]).filter((value) => !Number.isNaN(value));
    return {
      quantity,
      unit,
      log,
      groups: [
        { group: "recorded (19)", percentiles: RECORDED_BURPS[name] },
        { group: `synthetic (${count})`, percentiles: percentilesOf(values) },
      ],
    };
  });
  return plotDistributions(panels, "Synthetic burps beside recorded ones");
}
