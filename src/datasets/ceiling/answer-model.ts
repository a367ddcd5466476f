/** The spreads s that are tried, in equal steps of log s: from chance to certainty. */
const spreads = Array.from({ length: 60 }, (_, i) => 0.08 * 1.18 ** i);

/** The fit of the model of answers to questions with the same counts of answers. */
export interface PatternFit {
  /** The log-likelihood of the counts, for each spread. */
  readonly logLikelihood: Float64Array;
  /** The posterior mean of the probability of the likeliest answer, for each spread. */
  readonly likeliest: Float64Array;
}

/**
 * Fits counts of answers by Luce's choice rule with random utilities: p = softmax(s z), with one standard normal number
 * z for each possible answer, independent between questions, and one spread s for all questions.
 *
 * For counts c, L(c; s) = E prod_i p_i^c_i, and the mean probability of the likeliest answer is
 * E[max p | c] = E[max p prod_i p_i^c_i] / L(c; s). Both are integrals over differences of z, computed as sums over a
 * fine grid.
 *
 * @param patterns counts of answers, two (directed) or three (undirected) each
 */
export function fitPatterns(patterns: readonly (readonly number[])[], directed: boolean): PatternFit[] {
  const { utilities, logWeights } = directed ? twoAnswers() : threeAnswers();
  const choices = directed ? 2 : 3;
  const fits = patterns.map(() => ({
    logLikelihood: new Float64Array(spreads.length),
    likeliest: new Float64Array(spreads.length),
  }));
  const logP = new Float64Array(utilities.length);
  const most = new Float64Array(logWeights.length);
  const terms = new Float64Array(logWeights.length);
  spreads.forEach((spread, s) => {
    for (let node = 0; node < most.length; node++) {
      let [top, sum] = [-Infinity, 0];
      for (let i = 0; i < choices; i++) top = Math.max(top, spread * utilities[node * choices + i]);
      for (let i = 0; i < choices; i++) sum += Math.exp(spread * utilities[node * choices + i] - top);
      for (let i = 0; i < choices; i++)
        logP[node * choices + i] = spread * utilities[node * choices + i] - top - Math.log(sum);
      most[node] = 1 / sum;
    }
    patterns.forEach((counts, p) => {
      let top = -Infinity;
      for (let node = 0; node < terms.length; node++) {
        terms[node] = logWeights[node];
        for (let i = 0; i < choices; i++) terms[node] += counts[i] * logP[node * choices + i];
        top = Math.max(top, terms[node]);
      }
      let [likelihood, likeliest] = [0, 0];
      for (let node = 0; node < terms.length; node++) {
        const term = Math.exp(terms[node] - top);
        likelihood += term;
        likeliest += term * most[node];
      }
      fits[p].logLikelihood[s] = Math.log(likelihood) + top;
      fits[p].likeliest[s] = likeliest / likelihood;
    });
  });
  return fits;
}

/** Utilities of the answers at each node of the grid, and the logarithm of the node's weight up to a constant. */
interface Nodes {
  readonly utilities: Float64Array;
  readonly logWeights: Float64Array;
}

/**
 * Returns the nodes for two answers, whose utilities differ by sqrt(2) z. No node is at 0, where the answers would tie.
 */
function twoAnswers(): Nodes {
  const z = Array.from({ length: 1400 }, (_, i) => (i - 699.5) / 100);
  return {
    utilities: Float64Array.from(z.flatMap((x) => [x * Math.SQRT1_2, -x * Math.SQRT1_2])),
    logWeights: Float64Array.from(z, (x) => -(x ** 2) / 2),
  };
}

/**
 * Returns the nodes for three answers: utilities minus their mean are a normal point of a plane, by radius and angle.
 */
function threeAnswers(): Nodes {
  const [radii, angles, step] = [70, 72, 0.1];
  const utilities: number[] = [];
  const logWeights: number[] = [];
  for (let r = 0; r < radii; r++)
    for (let a = 0; a < angles; a++) {
      const radius = (r + 0.5) * step;
      const angle = (2 * Math.PI * (a + 0.5)) / angles;
      for (let i = 0; i < 3; i++) utilities.push(Math.sqrt(2 / 3) * radius * Math.cos(angle - (2 * Math.PI * i) / 3));
      logWeights.push(Math.log(radius) - radius ** 2 / 2);
    }
  return { utilities: Float64Array.from(utilities), logWeights: Float64Array.from(logWeights) };
}

/**
 * Computes the mean probability of the likeliest answer over weighted questions, at the spread of maximum likelihood.
 *
 * The likelihood and the mean are interpolated by parabolas through the best spread and its two neighbours.
 *
 * @param weights of questions, summed over each pattern
 * @param answers the number of answers to a question of each pattern
 */
export function meanLikeliest(
  fits: readonly PatternFit[],
  weights: ArrayLike<number>,
  answers: readonly number[],
): number {
  let [best, top] = [0, -Infinity];
  const logLikelihood = spreads.map((_, s) => {
    const sum = fits.reduce((total, fit, p) => total + weights[p] * fit.logLikelihood[s], 0);
    if (sum > top) [best, top] = [s, sum];
    return sum;
  });
  const total = fits.reduce((sum, _, p) => sum + weights[p] * answers[p], 0);
  const mean = (s: number): number =>
    fits.reduce((sum, { likeliest }, p) => sum + weights[p] * answers[p] * likeliest[s], 0) / total;
  const at = mean(best);
  if (best === 0 || best === spreads.length - 1) return at;
  const [below, above] = [logLikelihood[best - 1], logLikelihood[best + 1]];
  const shift = (below - above) / 2 / (below - 2 * top + above);
  const [low, high] = [mean(best - 1), mean(best + 1)];
  return at + (shift * (high - low)) / 2 + (shift ** 2 * (high - 2 * at + low)) / 2;
}
