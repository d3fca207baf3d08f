// Random numbers and sigmoids. The optimisers are compared with torch's in
// test_live_descent.py and test_live_trainer.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { rng, sigmoid, softplus } from "../../../lessons_lib/live/maths.js";

const many = (n, draw) => Array.from({ length: n }, draw);
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

test("random numbers are uniform and the same from the same seed", () => {
  for (const seed of [0, 1, 2, 12345]) {
    const values = many(20000, rng(seed));
    assert.ok(values.every((u) => u >= 0 && u < 1));
    // standard errors: 0.002 and 0.0005
    assert.ok(Math.abs(mean(values) - 1 / 2) < 0.01);
    assert.ok(Math.abs(mean(values.map((u) => u * u)) - 1 / 3) < 0.01);
    assert.deepEqual(values.slice(0, 5), many(5, rng(seed)));
  }
  assert.notEqual(rng(1)(), rng(2)());
});

test("near seeds give unlike numbers", () => {
  const first = many(500, (_, seed) => rng(seed)());
  assert.ok(Math.abs(mean(first) - 1 / 2) < 0.06); // error 0.013
  const next = first.slice(1).map((u, i) => (u - 0.5) * (first[i] - 0.5));
  assert.ok(Math.abs(mean(next)) < 0.02); // error 0.004
});

test("normal numbers have the moments of the normal distribution", () => {
  const values = many(40000, rng(7).normal);
  const moment = (k) => mean(values.map((v) => v ** k));
  for (const [k, wanted, error] of [
    [1, 0, 0.03],
    [2, 1, 0.05],
    [3, 0, 0.15],
    [4, 3, 0.4],
  ])
    assert.ok(Math.abs(moment(k) - wanted) < error, `moment ${k}`);
});

test("far out the sigmoid and softplus are what they come close to", () => {
  for (const z of [-800, -3, 0, 3, 800]) {
    assert.ok(Math.abs(sigmoid(z) + sigmoid(-z) - 1) < 1e-15);
    assert.ok(Math.abs(softplus(z) - softplus(-z) - z) < 1e-12);
  }
  assert.deepEqual([-800, 0, 800].map(sigmoid), [0, 0.5, 1]);
  assert.deepEqual([-800, 0, 800].map(softplus), [0, Math.LN2, 800]);
});
