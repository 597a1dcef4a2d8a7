/** Log-odds (logit) of a share between 0 and 1, both left out: `log(p / (1 - p))`. */
export function logOdds(share: number): number {
  return Math.log(share / (1 - share));
}
