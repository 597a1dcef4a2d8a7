/** Both ends of a confidence interval. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Exact two-sided interval for a share, such as precision or recall (Clopper and Pearson, 1934): it holds the true share
 * at least as often as `confidence` says.
 *
 * @param successes From 0 to `trials`.
 * @param trials Without any, nothing is known: the interval is 0 to 1.
 * @throws {RangeError} If the counts are not whole, or the confidence is not between 0 and 1.
 */
export function shareInterval(successes: number, trials: number, confidence = 0.95): Interval {
  checkCount(successes, "successes");
  checkCount(trials, "trials");
  checkConfidence(confidence);
  if (successes > trials) throw new RangeError(`Cannot have ${successes} successes in ${trials} trials`);
  const tail = (1 - confidence) / 2;
  // The lower end is the share at which so many successes or more are as rare as the tail; the upper end likewise.
  const lower = successes === 0
    ? 0
    : findRoot((share) => 1 - binomialCdf(successes - 1, trials, share) - tail, 0, 1);
  const upper = successes === trials
    ? 1
    : findRoot((share) => tail - binomialCdf(successes, trials, share), 0, 1);
  return { lower, upper };
}

/**
 * Exact two-sided interval for a rate of rare events, in events per unit of `exposure` (Garwood, 1936).
 *
 * @param count Events that were seen.
 * @param exposure How long was watched, such as hours; above 0.
 * @throws {RangeError} If the count is not whole, or exposure or confidence cannot be.
 */
export function rateInterval(count: number, exposure: number, confidence = 0.95): Interval {
  const tail = (1 - confidence) / 2;
  return {
    lower: rateLowerBound(count, exposure, 1 - tail),
    upper: rateUpperBound(count, exposure, 1 - tail),
  };
}

/**
 * One-sided upper bound of a rate: with `confidence`, the true rate is not above it. Without any event, and at 95 %, it
 * is 3 divided by the exposure (2.996, the rule of three).
 *
 * @throws {RangeError} As {@link rateInterval}.
 */
export function rateUpperBound(count: number, exposure: number, confidence = 0.95): number {
  checkRate(count, exposure, confidence);
  const limit = count + 10 * Math.sqrt(count + 1) + 10 - 2 * Math.log(1 - confidence);
  return findRoot((mean) => 1 - confidence - poissonCdf(count, mean), 0, limit) / exposure;
}

function rateLowerBound(count: number, exposure: number, confidence: number): number {
  checkRate(count, exposure, confidence);
  if (count === 0) return 0;
  return findRoot((mean) => 1 - poissonCdf(count - 1, mean) - (1 - confidence), 0, count) / exposure;
}

/** Chance of at most `k` successes in `n` trials; terms by logarithms, which do not underflow. */
function binomialCdf(k: number, n: number, share: number): number {
  if (share <= 0) return 1;
  if (share >= 1) return k >= n ? 1 : 0;
  const logOdds = Math.log(share) - Math.log1p(-share);
  let logTerm = n * Math.log1p(-share);
  let sum = Math.exp(logTerm);
  for (let i = 0; i < k; i++) {
    logTerm += Math.log((n - i) / (i + 1)) + logOdds;
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

/** Chance of at most `k` events where `mean` are expected. */
function poissonCdf(k: number, mean: number): number {
  if (mean <= 0) return 1;
  let logTerm = -mean;
  let sum = Math.exp(logTerm);
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log(mean / i);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

/** Where a rising function crosses 0, by halving; to the last bit or so. */
function findRoot(rising: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let i = 0; i < 100 && low < high; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function checkRate(count: number, exposure: number, confidence: number): void {
  checkCount(count, "count");
  checkConfidence(confidence);
  if (!(exposure > 0)) throw new RangeError(`Cannot give a rate: exposure must be above 0, is ${exposure}`);
}

function checkCount(count: number, name: string): void {
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(`Cannot give an interval: ${name} must be a whole number, is ${count}`);
  }
}

function checkConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`Cannot give an interval: confidence must be between 0 and 1, is ${confidence}`);
  }
}
