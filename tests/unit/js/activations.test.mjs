// Activation functions; test_live_activations.py compares them with PyTorch.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  FUNCTIONS,
  below,
  stack,
} from "../../../lessons_lib/live/activations.js";

const near = (a, b, gap = 1e-9) =>
  assert.ok(Math.abs(a - b) < gap, `${a} ${b}`);

test("each slope is the slope of its function", () => {
  for (const [name, { f, slope }] of Object.entries(FUNCTIONS))
    for (let i = -600; i <= 600; i++) {
      const z = i / 100;
      if (z === 0 && name.endsWith("ReLU")) continue; // a kink
      near((f(z + 1e-5) - f(z - 1e-5)) / 2e-5, slope(z), 1e-8);
    }
});

test("the normal distribution adds up to 1 and has its known quantiles", () => {
  for (const z of [0, 0.3, 1, 4, 8]) near(below(z) + below(-z), 1, 1e-14);
  near(below(1.959963984540054), 0.975, 1e-14);
  near(below(-8), 0, 1e-14);
});

test("far out nothing overflows", () => {
  for (const [name, { f, slope }] of Object.entries(FUNCTIONS)) {
    if (name === "GELU") continue; // its series is for the slider's range
    for (const z of [-800, 800])
      assert.ok(Number.isFinite(f(z)) && Number.isFinite(slope(z)), name);
  }
});

test("each layer multiplies by the slope", () => {
  assert.deepEqual(stack(0.25, 3), [0.25, 0.0625, 0.015625]);
  assert.deepEqual(stack(-0.5, 2), [0.5, 0.25]);
  assert.deepEqual(stack(0, 2), [0, 0]);
  assert.deepEqual(stack(1, 20), Array(20).fill(1));
});
