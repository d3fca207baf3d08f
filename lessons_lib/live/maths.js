// Numbers that more than one live figure needs.

/** The 32 bits from which random numbers start. */
export const begun = (seed) =>
  (Math.imul(seed, 2654435761) ^ 2654435769) >>> 0 || 1;

/** Random numbers from a seed: `random()` in [0, 1), `random.normal()`. */
export function rng(seed) {
  let state = begun(seed);
  // xorshift32: G. Marsaglia, Xorshift RNGs, doi 10.18637/jss.v008.i14
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) random(); // near seeds part
  // Box and Muller; 1 - u, as the logarithm of 0 is infinite
  random.normal = () =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return random;
}

/** 1 / (1 + e^-z), with no overflow on either side. */
export function sigmoid(z) {
  const e = Math.exp(-Math.abs(z));
  return (z < 0 ? e : 1) / (1 + e);
}

/** ln(1 + e^z), with no overflow either. */
export const softplus = (z) =>
  Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z)));

// Optimisers: each gives a function that moves the weights w, in place, by
// one step along the gradient g, with the learning rate lr.

/** Plain gradient descent. */
export const sgd = () => (w, g, lr) => {
  for (let i = 0; i < w.length; i++) w[i] -= lr * g[i];
};

/**
 * D. P. Kingma and J. Ba (2015), algorithm 1, arXiv:1412.6980. Its memory:
 * the steps so far, the means of the gradients and of their squares.
 */
export function adam(memory = { t: 0, m: [], v: [] }) {
  const { m, v } = memory;
  return (w, g, lr) => {
    const t = (memory.t += 1);
    for (let i = 0; i < w.length; i++) {
      m[i] = 0.9 * (m[i] ?? 0) + 0.1 * g[i];
      v[i] = 0.999 * (v[i] ?? 0) + 0.001 * g[i] ** 2;
      const mean = m[i] / (1 - 0.9 ** t);
      const square = v[i] / (1 - 0.999 ** t);
      w[i] -= (lr * mean) / (Math.sqrt(square) + 1e-8);
    }
  };
}
