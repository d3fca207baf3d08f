// Plots, apart from what needs a page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PALETTE } from "../../../lessons_lib/live/core.js";
import { rng } from "../../../lessons_lib/live/maths.js";
import { rgb, ticks } from "../../../lessons_lib/live/plot.js";

test("ticks are round numbers between the ends", () => {
  assert.deepEqual(ticks(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(-6, 6, 6), [-6, -4, -2, 0, 2, 4, 6]);
  assert.deepEqual(ticks(-0.1, 0.31), [-0.1, 0, 0.1, 0.2, 0.3]);
  const random = rng(3);
  for (let i = 0; i < 500; i++) {
    const low = (random() - 0.5) * 10 ** (8 * random() - 4);
    const high = low + 10 ** (8 * random() - 4);
    const found = ticks(low, high);
    assert.ok(found.length >= 2 && found.length <= 7, `${low} ${high}`);
    const slack = (high - low) * 1e-6;
    assert.ok(found.every((v) => v >= low - slack && v <= high + slack));
  }
});

test("a colour's red, green and blue", () => {
  assert.deepEqual(rgb(PALETTE.BLUE), [0, 114, 178]);
  assert.deepEqual(rgb(PALETTE.RED), [213, 94, 0]);
});
