// The network that learns in the page. Gradients and optimisers are compared
// with torch's in tests/test_live_trainer.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { rng } from "../../../lessons_lib/live/maths.js";
import {
  OPTIMISERS,
  deadUnits,
  evaluate,
  initial,
  logit,
} from "../../../lessons_lib/live/trainer.js";

const X = [
  [1, 1],
  [-1, 1],
  [-1, -1],
  [1, -1],
];
const y = [1, 0, 1, 0];

/** Where a start ends: points that are right, the loss, dead units. */
function end(hidden, kind, seed) {
  const theta = initial(hidden, rng(seed));
  const move = OPTIMISERS.adam();
  for (let i = 0; i < 300; i++)
    move(theta, evaluate(theta, kind, X, y).gradient, 0.05);
  const { right, loss } = evaluate(theta, kind, X, y);
  return { right, loss, dead: deadUnits(theta, kind, X).length };
}

test("the starts that lesson 02 names end as it says", () => {
  for (const seed of [1, 2, 3])
    assert.ok(Math.abs(end(2, "tanh", seed).loss - Math.LN2 / 2) < 0.01);
  assert.ok(end(2, "tanh", 4).loss < 0.05);
  const relu = end(2, "relu", 4);
  assert.equal(relu.dead, 1);
  assert.ok(Math.abs(relu.loss - 0.477) < 0.01);
});

/** The share of 60 starts from which XOR is learned. */
function share(hidden, kind) {
  let learned = 0;
  for (let seed = 0; seed < 60; seed++)
    learned += end(hidden, kind, seed).right === 4;
  return learned / 60;
}

test("two units often get stuck, eight do not: as lesson 02 says", () => {
  const two = share(2, "tanh");
  assert.ok(two > 0.3 && two < 0.75, `${two}`);
  assert.equal(share(8, "tanh"), 1);
  assert.ok(share(2, "relu") < share(8, "relu"));
});

test("weights start between ±1/√(inputs), and fill that range", () => {
  const starts = Array.from({ length: 400 }, (_, i) => initial(8, rng(i)));
  const first = starts.flatMap((t) => [...t.slice(0, 24)]);
  const second = starts.flatMap((t) => [...t.slice(24)]);
  for (const [values, limit] of [
    [first, 2 ** -0.5],
    [second, 8 ** -0.5],
  ]) {
    const largest = Math.max(...values.map(Math.abs));
    assert.ok(largest <= limit && largest > 0.99 * limit);
  }
});

test("a ReLU unit is dead where it says 0 at every point", () => {
  // two units: x1 - 3 is negative everywhere, x1 + 3 nowhere
  const theta = Float64Array.of(1, 0, 1, 0, -3, 3, 1, 1, 0);
  assert.deepEqual(deadUnits(theta, "relu", X), [0]);
  assert.deepEqual(deadUnits(theta, "tanh", X), []);
  assert.deepEqual(deadUnits(theta, "relu", []), []);
  assert.equal(logit(theta, "relu", [1, 0]), 4);
  const { gradient } = evaluate(theta, "relu", X, y);
  assert.deepEqual([gradient[0], gradient[1], gradient[4]], [0, 0, 0]);
});

test("a loss of huge scores is finite", () => {
  const theta = Float64Array.of(1e3, 0, 0, 1e3, 0);
  const { loss } = evaluate(theta, "relu", X, y);
  assert.ok(Number.isFinite(loss) && loss > 0);
});
