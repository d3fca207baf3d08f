// Random states of the figures that compute, and where they go from there.

import assert from "node:assert/strict";

import { rng } from "../../../lessons_lib/live/maths.js";
import * as perceptron from "../../../lessons_lib/live/perceptron.js";
import { decode, encode } from "../../../lessons_lib/live/share.js";

const range = (n) => Array.from({ length: n }, (_, i) => i);

/**
 * Of each figure: `make(data, random)` gives a state, `go(data, state, k)`
 * the numbers after k steps from there.
 */
export const FIGURES = {
  perceptron: {
    ...perceptron,
    make({ lr }, random) {
      const n = 2 + Math.floor(11 * random());
      const points = range(n).map(() =>
        range(2).map(() => Math.round(40 * random() - 20) / 20),
      );
      const classes = points.map(() => (random() < 0.5 ? -1 : 1));
      const places = points.map(random);
      const order = range(n).sort((i, j) => places[i] - places[j]);
      let now = perceptron.begin();
      const looks = 40 * random();
      for (let i = 0; i < looks && !now.done; i++)
        now = perceptron.look(now, points, classes, order, lr);
      return { points, classes, order, now, trail: [[0, 0, 0]] };
    },
    go({ lr }, { points, classes, order, now }, k) {
      for (let i = 0; i < k && !now.done; i++)
        now = perceptron.look(now, points, classes, order, lr);
      return [...now.w, now.b, now.place, now.updates, now.epochs];
    },
  },
};

/** `count` states of a figure, as a link brings them, each with its cell. */
export function states(name, data, count) {
  const { make, fits, cell, go } = FIGURES[name];
  const random = rng(1);
  return range(count).map((i) => {
    const state = make(data, random);
    const found = decode(encode(state));
    assert.deepEqual(found, JSON.parse(JSON.stringify(state)));
    assert.ok(fits(found), `${name}: ${JSON.stringify(found)}`);
    const more = i % 4 ? 1 + Math.floor(30 * random()) : 0;
    return { text: cell(data, found), more, after: go(data, found, more) };
  });
}
