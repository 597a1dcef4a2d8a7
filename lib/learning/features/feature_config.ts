import { createHash } from "node:crypto";
import { z } from "zod";
import type { MelNorm } from "lib/learning/features/mel_filterbank.ts";
import type { MelScale } from "lib/learning/features/mel_scale.ts";

/**
 * How sound becomes a log-mel spectrogram. It is stored in every model package, since a model is right only for
 * the features that it was trained on.
 *
 * Frame `t` is centred on sample `t * hopLength`, with zeros outside the recording, so that N samples make
 * T = floor(N / hopLength) + 1 frames. Each value is `(log10(melPower + logFloor) + logOffset) / logScale`, where
 * `melPower` is the power spectrum through triangular filters of equal area on Slaney's mel scale, unless the last
 * three fields say otherwise.
 */
export interface FeatureConfig {
  readonly kind: "log-mel";
  /** Samples per second, in Hz, from 1,000 to 384,000. */
  readonly sampleRate: number;
  /** Samples in one Fourier transform: a multiple of 32 from 32 to 65,536 with no prime factor above 5. */
  readonly nFft: number;
  /** Samples under the Hann window, centred in the transform, at most `nFft`. Left out: `nFft`. */
  readonly winLength?: number;
  /** Samples between the centres of two frames, at most `nFft`. */
  readonly hopLength: number;
  /** Mel bands M, from 1 to 512. */
  readonly nMels: number;
  /** Lower edge of the lowest band, in Hz. */
  readonly fMin: number;
  /** Upper edge of the highest band, in Hz, above `fMin` and at most half of `sampleRate`. */
  readonly fMax: number;
  /** Added to the power, so that silence has a finite logarithm; above 0. */
  readonly logFloor: number;
  /** Added to the logarithm. */
  readonly logOffset: number;
  /** Divides the sum; above 0. */
  readonly logScale: number;
  /** What goes through the filters; power if left out. */
  readonly spectrum?: "power" | "magnitude";
  /** Slaney's if left out. */
  readonly melScale?: MelScale;
  /** Height of the filters: of equal area (`slaney`) if left out, or all 1. */
  readonly melNorm?: MelNorm;
}

/** What models use unless told otherwise: 64 bands from 20 Hz to 8 kHz, 50 frames a second. */
export const DEFAULT_FEATURES = Object.freeze(
  {
    kind: "log-mel",
    sampleRate: 16_000,
    nFft: 1024,
    hopLength: 320,
    nMels: 64,
    fMin: 20,
    fMax: 8000,
    logFloor: 1e-6,
    logOffset: 2,
    logScale: 2,
  } as const satisfies FeatureConfig,
);

/**
 * Whether the FFT takes transforms of this many samples: multiples of 32 from 32 to 65,536 without a prime factor
 * above 5 (the SIMD code works on 4 x 4 blocks of two values with radices 2, 3, 4 and 5).
 */
export function isFftSize(size: number): boolean {
  if (!Number.isInteger(size) || size < 32 || size > 65_536 || size % 32 !== 0) return false;
  let rest = size;
  for (const prime of [2, 3, 5]) while (rest % prime === 0) rest /= prime;
  return rest === 1;
}

/** Checks feature configurations from outside: unknown keys, wrong types and values out of range are errors. */
export const featureConfigSchema = z.strictObject({
  kind: z.literal("log-mel"),
  sampleRate: z.number().int().min(1000).max(384_000),
  nFft: z.number().refine(isFftSize, {
    error: "nFft must be a multiple of 32 from 32 to 65536 without prime factors above 5",
  }),
  winLength: z.number().int().min(1).exactOptional(),
  hopLength: z.number().int().min(1),
  nMels: z.number().int().min(1).max(512),
  fMin: z.number().min(0),
  fMax: z.number().positive(),
  logFloor: z.number().positive().max(1),
  logOffset: z.number(),
  logScale: z.number().positive(),
  spectrum: z.enum(["power", "magnitude"]).exactOptional(),
  melScale: z.enum(["slaney", "htk"]).exactOptional(),
  melNorm: z.enum(["slaney", "none"]).exactOptional(),
}).superRefine((config, context) => {
  const reject = (key: keyof FeatureConfig, message: string) =>
    context.addIssue({ code: "custom", path: [key], message });
  if (config.hopLength > config.nFft) reject("hopLength", "hopLength must not be above nFft");
  if ((config.winLength ?? 1) > config.nFft) reject("winLength", "winLength must not be above nFft");
  if (config.fMax <= config.fMin) reject("fMax", "fMax must be above fMin");
  if (config.fMax > config.sampleRate / 2) reject("fMax", "fMax must not be above half of sampleRate");
});

/**
 * Checks a feature configuration of unknown origin.
 *
 * @throws {RangeError} naming every key that is unknown, missing or out of range.
 */
export function parseFeatureConfig(value: unknown): FeatureConfig {
  const parsed = featureConfigSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => [...issue.path, issue.message].join(": "));
  throw new RangeError(`Bad feature configuration: ${problems.join("; ")}`);
}

const LATER_DEFAULTS: Readonly<Record<string, unknown>> = Object.freeze({
  spectrum: "power",
  melScale: "slaney",
  melNorm: "slaney",
});

/**
 * SHA-256 in hexadecimal over everything that shapes the features. Two configurations have the same fingerprint
 * when they give the same features: the order of keys does not matter, nor whether a default is written out.
 */
export function featureFingerprint(config: FeatureConfig): string {
  const complete = { ...config, winLength: config.winLength ?? config.nFft };
  const sorted = Object.entries(complete)
    // Fields that came later say nothing where they say what was always done.
    .filter(([key, value]) => LATER_DEFAULTS[key] === undefined || LATER_DEFAULTS[key] !== value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex");
}
