import assert from "node:assert/strict";
import type { HeldBackTrial, TrialFigures } from "lib/learning/evaluate/held_back_trial.ts";
import type { CurvePoint } from "lib/learning/evaluate/operating_curve.ts";
import { judgeTrial } from "lib/learning/evaluate/trial_verdict.ts";
import { DEFAULT_POSTPROCESSING } from "lib/learning/model_package/manifest.ts";

/** A model that finds this share of the clips, with one false alarm an hour. */
function finds(recall: number, annotated: number): TrialFigures {
  const found = Math.round(recall * annotated);
  const point: CurvePoint = {
    threshold: 0.5,
    recall: found / annotated,
    found,
    matched: found,
    annotated,
    precision: 0.9,
    f1: 0.9,
    falseAlarms: 1,
    falseAlarmsPerHour: 1,
  };
  return { curve: [point], now: point, postprocessing: DEFAULT_POSTPROCESSING };
}

function verdict(clips: number, mine: number, other: number): string {
  const trial: HeldBackTrial = {
    event: "burp",
    seconds: 3600,
    clips,
    placed: clips,
    networks: 1,
    mine: finds(mine, clips),
    other: finds(other, clips),
  };
  return judgeTrial(trial, "models/burp").text;
}

Deno.test("judgeTrial() calls a model better only where its lead is more than chance gives with so few clips", () => {
  assert.match(verdict(10, 0.9, 0.8), /^as good as models\/burp, as far as so few clips can tell/);
  assert.match(verdict(10, 0.9, 0.3), /^better than models\/burp/);
  assert.match(verdict(400, 0.9, 0.8), /^better than models\/burp/);
  assert.match(verdict(400, 0.82, 0.8), /^as good as models\/burp:/);
});

Deno.test("judgeTrial() warns of a model that finds less, however few the clips", () => {
  assert.match(verdict(10, 0.7, 0.8), /^worse than models\/burp/);
});
