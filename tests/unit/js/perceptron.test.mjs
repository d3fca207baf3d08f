// The perceptron's rule; test_live_perceptron.py compares it with the lesson.

import assert from "node:assert/strict";
import { test } from "node:test";

import { rng } from "../../../lessons_lib/live/maths.js";
import {
  begin,
  frame,
  isWrong,
  look,
  marginOf,
  memory,
} from "../../../lessons_lib/live/perceptron.js";

const SQUARE = [
  [1, 1],
  [-1, 1],
  [-1, -1],
  [1, -1],
];
const range = (n) => Array.from({ length: n }, (_, i) => i);

/** Look until the rule stops or a state comes again. */
function follow(points, classes, order = range(points.length), lr = 1) {
  const recall = memory();
  let state = begin();
  let looks = 0;
  recall(state);
  for (;;) {
    state = look(state, points, classes, order, lr);
    looks += 1;
    const cycle = recall(state);
    if (state.done || cycle || looks > 100000) return { state, cycle, looks };
  }
}

test("XOR comes back to zero after four updates, in each order", () => {
  const orders = range(256)
    .map((i) => [i & 3, (i >> 2) & 3, (i >> 4) & 3, (i >> 6) & 3])
    .filter((order) => new Set(order).size === 4);
  assert.equal(orders.length, 24);
  for (const order of orders) {
    const { state, cycle } = follow(SQUARE, [1, -1, 1, -1], order);
    assert.equal(cycle, 4);
    assert.deepEqual([...state.w, state.b, state.done], [0, 0, 0, false]);
  }
});

test("with one class of XOR changed, the rule stops", () => {
  for (let i = 0; i < 4; i++) {
    const classes = [1, -1, 1, -1].map((c, j) => (i === j ? -c : c));
    const { state, cycle } = follow(SQUARE, classes);
    assert.ok(state.done && !cycle);
    assert.ok(marginOf(state, SQUARE, classes) > 0);
    assert.ok(SQUARE.every((p, j) => !isWrong(state, p, classes[j])));
  }
});

test("on a grid the rule ends, either way", () => {
  const random = rng(1);
  const ends = { stopped: 0, cycle: 0 };
  for (let run = 0; run < 200; run++) {
    const points = range(6).map(() =>
      range(2).map(() => Math.round(20 * random() - 10) / 10),
    );
    const classes = points.map(() => (random() < 0.5 ? -1 : 1));
    const { state, cycle } = follow(points, classes);
    assert.ok(state.done || cycle, "neither stopped nor came back");
    // a perfect epoch and a way round exclude each other
    assert.notEqual(state.done, cycle > 0);
    ends[state.done ? "stopped" : "cycle"] += 1;
  }
  assert.ok(ends.stopped > 20 && ends.cycle > 20);
});

test("with another rate the same points are wrong, from zero", () => {
  const points = [
    [0.5, 0.25],
    [0.2, 0.5],
    [0.3, 1.1],
    [0.4, 1.1],
  ];
  const [one, other] = [1, 0.1].map((lr) =>
    follow(points, [1, 1, -1, -1], range(4), lr),
  );
  assert.equal(one.looks, other.looks);
  assert.equal(one.state.updates, 5);
  assert.equal(other.state.updates, 5);
});

test("the margin is the distance of the nearest point", () => {
  const state = { ...begin(), w: [3, 4], b: -5 };
  const points = [
    [3, 4],
    [1, 1],
    [0, 0],
  ];
  assert.ok(Math.abs(marginOf(state, points, [1, 1, -1]) - 0.4) < 1e-12);
  assert.ok(Math.abs(marginOf(state, points, [1, 1, 1]) + 1) < 1e-12);
  assert.equal(marginOf(begin(), points, [1, 1, 1]), -Infinity);
});

test("the frame holds all points, with one unit for both axes", () => {
  const { x, y } = frame(SQUARE, 1.2, 1.5);
  assert.ok(Math.abs((x[1] - x[0]) / (y[1] - y[0]) - 1.2) < 1e-12);
  assert.ok(SQUARE.every(([a, b]) => a > x[0] && a < x[1] && b > y[0]));
  const one = frame([[2, 2]], 1, 1.5);
  assert.ok(one.x[0] < 2 && one.x[1] > 2);
});
