// Walks downhill: the map, the verdicts, the contour lines. The update rules
// are compared with torch's in tests/test_live_descent.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { rng } from "../../../lessons_lib/live/maths.js";
import {
  contour,
  gradient,
  surface,
  turned,
  turnedStart,
  verdict,
  walk,
  words,
} from "../../../lessons_lib/live/descent.js";

// orthogonal features: the loss is ((u - 1)² + 9 (v - 2)²) / 2
const SAMPLES = [
  [1, 0, 1],
  [0, 3, 6],
];
const START = [-2.5, -2.5];
const ground = surface(SAMPLES);
const near = (a, b, by = 1e-9) => assert.ok(Math.abs(a - b) < by, `${a} ${b}`);
const state = (rule, lr, steps, from = START, on = ground) =>
  verdict(walk(on, rule, lr, from, steps), on.lowest);

test("the surface knows its minimum, its limit and its gradient", () => {
  near(ground.loss([2, 4]), (1 + 36) / 2);
  near(ground.best[0], 1);
  near(ground.best[1], 2);
  near(ground.lowest, 0);
  near(ground.limit, 2 / 9);
  const g = gradient([2, 4], SAMPLES);
  near(g[0], 1);
  near(g[1], 18);
});

test("turning the features turns the map about the origin", () => {
  const other = surface(turned(SAMPLES));
  near(other.limit, ground.limit);
  near(other.lowest, 0);
  const r = Math.SQRT1_2;
  near(other.best[0], r * (1 - 2));
  near(other.best[1], r * (1 + 2));
  near(other.loss([r * (3 + 1), r * (3 - 1)]), ground.loss([3, -1]));
});

test("the start turns with the map, and back", () => {
  const there = turnedStart(START);
  near(there[0], 0);
  near(there[1], -2.5 * Math.SQRT2);
  near(surface(turned(SAMPLES)).loss(there), ground.loss(START));
  const back = turnedStart(there, true);
  near(back[0], START[0]);
  near(back[1], START[1]);
  assert.deepEqual(turnedStart([5, 5]), [0, 5], "not off the map");
  assert.deepEqual(turnedStart([-4, -4]), [0, -4]);
});

test("gradient descent does not notice the turn, Adam does", () => {
  const other = surface(turned(SAMPLES));
  const ends = (rule) =>
    [walk(ground, rule, 0.1, START, 40)]
      .concat(walk(other, rule, 0.1, turnedStart(START), 40))
      .map(({ losses }) => losses.at(-1));
  for (const rule of ["gradient descent", "momentum"]) {
    const [along, across] = ends(rule);
    near(along, across);
  }
  const [along, across] = ends("Adam");
  assert.ok(Math.abs(along - across) > 0.1);
});

test("the limit parts walks that settle from walks that diverge", () => {
  assert.equal(state("gradient descent", 0.9 * ground.limit, 300), "arrived");
  assert.equal(state("gradient descent", 1.1 * ground.limit, 300), "diverged");
  assert.equal(state("gradient descent", 1.02 * ground.limit, 40), "rises");
});

test("verdicts are decided from the numbers", () => {
  assert.equal(state("gradient descent", 0.1, 0), "start");
  assert.equal(state("gradient descent", 0.1, 3), "falls");
  assert.equal(state("gradient descent", 0.002, 200), "crawls");
  assert.equal(state("gradient descent", 0.98 * ground.limit, 20), "jumps");
  assert.equal(state("AdamW", 0.2, 300), "stuck");
});

test("the words carry the numbers", () => {
  const said = (lr, steps) =>
    words(walk(ground, "gradient descent", lr, START, steps), ground.lowest);
  assert.equal(said(0.1, 0), "At the start: loss 97.250. Press Run or Step.");
  assert.match(said(0.1, 1), /^After 1 step: loss \d+\.\d{3}\. It is on/);
  assert.match(said(1, 300), /^Diverged: after 3 steps the loss passed 1e6\.$/);
});

test("a walk that diverged stops", () => {
  const { path, losses } = walk(ground, "gradient descent", 3, START, 300);
  assert.ok(path.length < 10);
  assert.equal(path.length, losses.length);
  assert.ok(losses.at(-1) > 1e6 && losses.at(-2) < 1e6);
});

test("batches are random, the same again, and right on average", () => {
  const random = rng(5);
  const many = Array.from({ length: 64 }, () => {
    const [p, q] = [random.normal(), random.normal()];
    return [p, q, p + 2 * q + random.normal()];
  });
  const on = surface(many);
  const [a, b] = [1, 2].map(() => walk(on, "SGD", 0.05, START, 200));
  assert.deepEqual(a, b);
  const whole = walk(on, "gradient descent", 0.05, START, 200);
  assert.notDeepEqual(a.path[1], whole.path[1]);
  near(on.loss(a.path.at(-1)), on.lowest, 0.2);
});

test("contour lines lie at their height", () => {
  const axis = Array.from({ length: 41 }, (_, i) => i / 10 - 2);
  const grid = axis.map((v) => axis.map((u) => u * u + v * v));
  const pieces = contour(grid, axis, axis, 1);
  let length = 0;
  for (const [[u, v], [p, q]] of pieces) {
    near(Math.hypot(u, v), 1, 0.01);
    length += Math.hypot(p - u, q - v);
  }
  near(length, 2 * Math.PI, 0.05);
  assert.equal(contour(grid, axis, axis, 100).length, 0);
});
