import { createRandom } from "lib/base/numbers/random.ts";
import { synthesizeBurp } from "lib/learning/synthesis/burp.ts";
import { type BurpDistribution, drawBurpPoint, withDuration } from "lib/learning/synthesis/burp_voice.ts";
import { choosePoints, type MeasuredPoint } from "lib/learning/synthesis/choose_points.ts";
import { type Judge, provePoints } from "lib/learning/synthesis/prove_points.ts";
import { measureSound } from "lib/learning/synthesis/sound_measures.ts";

/** How the synthesiser is fitted. */
interface FitBurpsOptions {
  readonly seed: string;
  readonly rounds: number;
  /** Burps drawn in each round. */
  readonly draws: number;
  /** Points of the distribution; 200 by default. */
  readonly points?: number;
}

/** What a round found. */
interface FitRound {
  readonly round: number;
  /** Share of its burps that the judge scores above 0.5. */
  readonly share: number;
  /** What the next round draws from. */
  readonly distribution: BurpDistribution;
}

const SAMPLE_RATE = 16_000;
const FIRST_SPREAD = 0.12, LAST_SPREAD = 0.04, NARROWING = 0.9;
/** Scores above this are kept: what lies near to a narrow escape is often lost. */
const SURE = 0.75;
/** A round that heard fewer burps goes on with this share of its best. */
const FEWEST_KEPT = 0.05;
/** Points are chosen from the latest that were heard: those of wide first rounds are often lucky. */
const LATEST_KEPT = 1200;

/**
 * Fits the distribution of burps to a judge's ear, beginning anywhere in the ranges: each round draws near to what the
 * judge called burps before, chosen to measure as recorded burps do, and more and more closely. Points are drawn at
 * random and kept or not, never improved one by one, which would find sounds that fool the judge. In the end those are
 * left near to which most burps are heard.
 */
export async function* fitBurps(
  judge: Judge,
  { seed, rounds, draws, points: count = 200 }: FitBurpsOptions,
): AsyncGenerator<FitRound> {
  let distribution: BurpDistribution = { points: [], spread: FIRST_SPREAD };
  let pool: MeasuredPoint[] = [];
  for (let round = 0; round < rounds; round++) {
    const random = createRandom(`${seed}/${round}`);
    const burpAt = (i: number) => {
      const own = random.fork(`burp ${i}`);
      const near = drawBurpPoint(own, distribution);
      // Of lengths as recorded ones have: left alone, the fit goes where the judge is surest, to the long ones.
      const point = own.next() < 0.5 ? withDuration(near, 0.58 * Math.exp(1.05 * own.normal())) : near;
      return { point, sound: synthesizeBurp(own, { sampleRate: SAMPLE_RATE, point, single: true }) };
    };
    const sounds = function* () {
      for (let i = 0; i < draws; i++) yield burpAt(i).sound;
    };
    const scores = await judge(sounds(), random);
    const best = scores.map((score, i) => ({ score, i })).toSorted((a, b) => b.score - a.score);
    const countAbove = (limit: number) => best.filter(({ score }) => score > limit).length;
    // Made again rather than kept: a round is an hour of sound.
    const kept = best.slice(0, Math.max(countAbove(SURE), FEWEST_KEPT * draws)).map(({ i }) => {
      const { point, sound } = burpAt(i);
      return { point, measures: measureSound(sound, { sampleRate: SAMPLE_RATE }) };
    });
    pool = [...round === 1 ? [] : pool, ...kept].slice(-LATEST_KEPT);
    const spread = Math.max(LAST_SPREAD, FIRST_SPREAD * NARROWING ** round);
    const proof = { spread, sampleRate: SAMPLE_RATE, random: random.fork("prove") };
    const proven = round < rounds - 1 ? pool : await provePoints(pool, judge, proof);
    const from = proven.length < count ? pool : proven;
    distribution = { points: choosePoints(from, { count, random: random.fork("choose") }), spread };
    yield { round, share: countAbove(0.5) / draws, distribution };
  }
}
