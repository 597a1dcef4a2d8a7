import { calibrateScores } from "lib/base/metrics/score_calibration.ts";
import { createRandom } from "lib/base/numbers/random.ts";
import { sideChanges } from "lib/learning/evaluate/side_changes.ts";
import { gridSettings } from "lib/learning/evaluate/tune_grid.ts";
import { DEFAULT_FEATURES } from "lib/learning/features/feature_config.ts";
import { computeLogMel } from "lib/learning/features/log_mel.ts";
import { DEFAULT_POSTPROCESSING } from "lib/learning/model_package/manifest.ts";
import { plotCalibration } from "lib/show/plots/calibration.ts";
import { plotConfusion } from "lib/show/plots/confusion.ts";
import { percentilesOf, plotDistributions } from "lib/show/plots/distributions.ts";
import type { Figure } from "lib/show/plots/figure.ts";
import { plotLearningCurve } from "lib/show/plots/learning_curve.ts";
import { plotOperatingCurve } from "lib/show/plots/operating_curve.ts";
import { plotPrecisionRecall } from "lib/show/plots/precision_recall.ts";
import { plotScoreHistogram } from "lib/show/plots/score_histogram.ts";
import { plotScoreTimeline } from "lib/show/plots/score_timeline.ts";
import { plotSideChanges } from "lib/show/plots/side_changes.ts";
import { plotSpectrogram } from "lib/show/plots/spectrogram_figure.ts";
import { plotTrainingCurves } from "lib/show/plots/training_curves.ts";
import { plotTuningGrid } from "lib/show/plots/tuning_grid.ts";
import { plotValidationWindows } from "lib/show/plots/validation_windows.ts";
import { exampleRecording } from "tests/show/report/example_recording.ts";

/** One figure of every kind, on made-up data that looks like a small run of training and tuning. */
export async function exampleFigures(): Promise<Record<string, Figure>> {
  const random = createRandom("example figures");
  const recording = exampleRecording();
  const points = Array.from({ length: 400 }, (_, index) => ({
    step: 5 * (index + 1),
    loss: 0.7 * Math.exp(-index / 90) + 0.04 + 0.03 * random.next(),
    learningRate: 1e-3 * Math.cos(Math.PI * index / 800) ** 2,
    ...(index % 20 === 19
      ? {
        validationAveragePrecision: 0.93 - 0.6 * Math.exp(-index / 80) - 0.03 * random.next(),
        validationLoss: 0.65 * Math.exp(-index / 120) + 0.09 + 0.02 * random.next(),
      }
      : {}),
  }));
  const thresholds = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);
  const positives = Array.from({ length: 120 }, () => 1 / (1 + Math.exp(-(2 + 1.3 * random.normal()))));
  const negatives = Array.from({ length: 900 }, () => 1 / (1 + Math.exp(3.2 - 1.3 * random.normal())));
  const share = (scores: number[], threshold: number) =>
    scores.filter((score) => score >= threshold).length / scores.length;
  const curve = thresholds.map((threshold) => {
    const [hits, alarms] = [share(positives, threshold) * 120, share(negatives, threshold) * 900];
    return {
      threshold,
      recall: hits / 120,
      precision: hits + alarms > 0 ? hits / (hits + alarms) : 1,
      falseAlarmsPerHour: alarms / 4,
      recallInterval: [Math.max(0, hits / 120 - 0.07), Math.min(1, hits / 120 + 0.06)] as const,
    };
  });
  const event = recording.events[2]!;
  const clip = await recording.clipSamples(event);
  const spread = (median: number, factor: number) =>
    percentilesOf(Array.from({ length: 200 }, () => median * Math.exp(factor * random.normal())));
  const reviewed = Array.from({ length: 30 }, () => {
    const score = random.next();
    return { score, right: random.next() < score ** 1.5 };
  });
  const cells = gridSettings(DEFAULT_POSTPROCESSING).map(({ smoothing, offsetRatio, minDuration }) => {
    const value = 0.9 - (smoothing.duration - 0.2) ** 2 - 0.3 * (offsetRatio - 0.6) ** 2 -
      0.5 * minDuration ** 2;
    const point = { ...curve[49]!, f1: value, annotated: 120, found: 130, matched: 110, falseAlarms: 20 };
    const cell = { smoothing: smoothing.duration, offsetRatio, minDuration };
    return smoothing.duration === 0.4 && offsetRatio === 0.9 ? cell : { ...cell, value, chosen: point };
  });
  const searched = {
    annotations: recording.annotations ?? [],
    duration: recording.durationSeconds,
    eventsAt: (threshold: number) => recording.events.filter(({ score }) => score >= threshold),
  };
  return {
    calibration: plotCalibration({
      label: "burp",
      curve: calibrateScores(reviewed),
      reviewed,
      threshold: 0.5,
    }),
    tuningGrid: plotTuningGrid({
      label: "burp",
      cells,
      measure: "F1",
      chosen: { smoothing: 0.24, offsetRatio: 0.5, minDuration: 0 },
    }),
    sideChanges: plotSideChanges({
      label: "burp",
      changes: sideChanges([searched]),
      recordings: ["stream.wav"],
      threshold: 0.62,
      earlierThreshold: 0.5,
    }),
    timeline: plotScoreTimeline(recording),
    training: plotTrainingCurves([{ name: "burp-1", points }]),
    runs: plotTrainingCurves([
      { name: "plain", points: points.map((point) => ({ ...point, loss: point.loss * 1.15 })) },
      { name: "with <mixing>", points },
    ]),
    learningCurve: plotLearningCurve([
      { positives: 12, averagePrecisions: [0.55, 0.61], baseline: 0.08 },
      { positives: 24, averagePrecisions: [0.7, 0.68], baseline: 0.08 },
      { positives: 48, averagePrecisions: [0.77, 0.8], baseline: 0.08 },
    ], { label: "burp" }),
    validationWindows: plotValidationWindows({
      label: "burp",
      threshold: 0.5,
      seconds: 2.56,
      features: { fMin: 40, fMax: 8000 },
      epoch: 3,
      windows: [0, 1, 2, 3].map((index) => ({
        logMel: {
          data: Float32Array.from({ length: 128 * 64 }, () => random.next() + (index < 2 ? 0.3 : 0)),
          shape: [128, 64],
        },
        scores: Float32Array.from({ length: 32 }, (_, s) => index < 2 && s > 8 && s < 16 ? 0.9 : 0.1 * index),
        targets: Float32Array.from({ length: 32 }, (_, s) => index < 2 && s > 7 && s < 17 ? 1 : 0),
      })),
    }),
    precisionRecall: plotPrecisionRecall([
      { name: "burp-1", points: curve, averagePrecision: 0.942, threshold: 0.5 },
      {
        name: "burp-0",
        points: curve.map((point) => ({ ...point, precision: point.precision * 0.85 })),
        averagePrecision: 0.811,
      },
    ], { positiveShare: 120 / 1020 }),
    operatingCurve: plotOperatingCurve({
      points: curve,
      bandName: "95 % band (bootstrap over minutes)",
      threshold: 0.62,
      earlierThreshold: 0.5,
      budget: 4,
    }),
    confusion: plotConfusion({
      label: "burp",
      threshold: 0.5,
      truePositives: 104,
      falsePositives: 31,
      falseNegatives: 16,
      trueNegatives: 869,
    }),
    histogram: plotScoreHistogram({ label: "burp", positives, negatives, threshold: 0.5 }),
    distributions: plotDistributions([
      {
        quantity: "Duration",
        unit: "s",
        log: true,
        groups: [{ group: "real", percentiles: [0.23, 0.64, 2.4] }, {
          group: "synthetic",
          percentiles: spread(0.7, 0.8),
        }],
      },
      {
        quantity: "Spectral centroid",
        unit: "Hz",
        groups: [{ group: "real", percentiles: [480, 780, 1470] }, {
          group: "synthetic",
          percentiles: spread(820, 0.4),
        }],
      },
      {
        quantity: "Pulse rate",
        unit: "Hz",
        groups: [{ group: "real", percentiles: [57, 178, 240] }, {
          group: "synthetic",
          percentiles: spread(130, 0.5),
        }],
      },
    ], "Synthetic against real burps"),
    spectrogram: plotSpectrogram({
      title: "burp at 0:02:08",
      logMel: computeLogMel(clip.samples, DEFAULT_FEATURES),
      features: DEFAULT_FEATURES,
      start: clip.start,
      events: [event],
      threshold: recording.threshold,
      scores: {
        values: recording.scores.subarray(
          Math.round(clip.start / 0.04),
          Math.round((clip.start + clip.samples.length / clip.sampleRate) / 0.04),
        ),
        grid: { startTime: Math.round(clip.start / 0.04) * 0.04, period: 0.04 },
      },
    }),
  };
}
