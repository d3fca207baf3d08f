// The network of lesson 04, with the lesson's numbers.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  STEPS,
  backward,
  forward,
  number,
  stepped,
  verdict,
  words,
} from "../../../lessons_lib/live/backprop.js";

const LESSON = { x: 3, w1: 2, w2: -1, v1: 0.5, v2: -1.5, y: 5 };
const n = forward(LESSON);
const mask = backward(n);
const clamped = backward(n, "clamp");
const pick = (values, names) => names.split(" ").map((k) => values[k] + 0);

test("the lesson's forward pass", () => {
  assert.deepEqual(pick(n, "z1 z2 a1 a2 out loss"), [6, -3, 6, 0, 3, 4]);
});

test("the lesson's gradients, right and clamped", () => {
  const names = "out v1 v2 a1 a2 z1 z2 w1 w2";
  assert.deepEqual(pick(mask, names), [-4, -24, 0, -2, 6, -2, 0, -6, 0]);
  assert.deepEqual(pick(clamped, names), [-4, -24, 0, -2, 6, 0, 6, 0, 18]);
});

test("a step lowers the loss with either", () => {
  assert.equal(number(stepped(n, mask, 0.01)), "0.18");
  assert.equal(number(stepped(n, clamped, 0.01)), "0.31");
});

test("the four cases of a unit are told apart", () => {
  const said = (w, v) => {
    const m = forward({ ...LESSON, w1: w, w2: 0, v1: v, v2: 0 });
    return verdict(1, m, backward(m), backward(m, "clamp"));
  };
  assert.match(said(2, 0.5), /is on, and −2 arrives.*clamp kills it/);
  assert.match(said(2, -0.5), /is on, and 8 arrives. Both agree/);
  assert.match(said(-2, -0.5), /is off, and 5 arrives.*mask stops it/);
  assert.match(said(-2, 0.5), /is off, and −5 arrives. Both agree/);
  assert.match(said(0, -0.5), /is off, and 5 arrives.*mask stops it/);
});

test("each step has its sentence", () => {
  const all = Array.from({ length: STEPS + 1 }, (_, i) => words(i, n, mask));
  assert.equal(STEPS, 16);
  assert.equal(new Set(all).size, STEPS + 1);
  assert.equal(all[1], "Forward: z₁ = x · w₁ = 3 · 2 = 6");
  assert.equal(all[3], "Forward: a₁ = max(6, 0) = 6");
  assert.equal(
    all[5],
    "Forward: ŷ = a₁ · v₁ + a₂ · v₂ = 6 · 0.5 + 0 · (−1.5) = 3",
  );
  assert.equal(all[6], "Forward: L = (ŷ − y)² = (3 − 5)² = 4");
  assert.equal(
    all[8],
    "Backward: ∂L/∂ŷ = −4: the 1 of L, times 2 (ŷ − y), which is −4",
  );
  assert.equal(
    all[14],
    "Backward: ∂L/∂z₂ = 0: the 6 of a₂, times 0, as the unit is off",
  );
  assert.ok(!all.some((text) => /undefined|NaN/.test(text)));
});

test("numbers are short", () => {
  assert.deepEqual([6, -0, 0.5, -1.5, 0.125, 100, 2.004].map(number), [
    "6",
    "0",
    "0.5",
    "−1.5",
    "0.13",
    "100",
    "2",
  ]);
});
