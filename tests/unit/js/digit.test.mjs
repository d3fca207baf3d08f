// From a drawing to the image that the network sees, and what is said of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { rng } from "../../../lessons_lib/live/maths.js";
import {
  percent,
  prepare,
  softmax,
  verdict,
} from "../../../lessons_lib/live/digit.js";

/** An empty pad with rectangles [left, top, width, height] of ink. */
function pad(size, ...boxes) {
  const ink = new Float32Array(size * size);
  for (const [left, top, w, h] of boxes)
    for (let i = top; i < top + h; i++)
      ink.fill(1, i * size + left, i * size + left + w);
  return ink;
}

/** Rows or columns with ink, the centre of mass, and the sum. */
function measure(image) {
  const marks = [new Set(), new Set()];
  const mass = [0, 0];
  let total = 0;
  image.forEach((v, k) => {
    const place = [k % 28, Math.floor(k / 28)];
    place.forEach((at, axis) => {
      if (v > 0) marks[axis].add(at);
      mass[axis] += v * at;
    });
    total += v;
  });
  const centre = mass.map((m) => m / total);
  return { wide: marks[0].size, high: marks[1].size, centre, total };
}

test("an empty pad gives nothing", () => {
  assert.equal(prepare(pad(280), 280), null);
});

test("the longer side becomes 20, proportions stay, the mass is centred", () => {
  const random = rng(1);
  for (let i = 0; i < 100; i++) {
    const [w, h] = [20 + random() * 200, 20 + random() * 200].map(Math.round);
    const left = Math.floor(random() * (280 - w));
    const top = Math.floor(random() * (280 - h));
    const { wide, high, centre } = measure(
      prepare(pad(280, [left, top, w, h]), 280),
    );
    assert.equal(Math.max(wide, high), 20);
    const shorter = (20 * Math.min(w, h)) / Math.max(w, h);
    assert.ok(Math.abs(Math.min(wide, high) - shorter) <= 0.51);
    for (const c of centre) assert.ok(Math.abs(c - 14) <= 0.501, `${c}`);
  }
});

test("a pixel is the mean of what it covers", () => {
  const ink = pad(280, [40, 40, 200, 200]);
  for (let i = 40; i < 240; i++)
    for (let j = 40; j < 240; j++) if ((i + j) % 2) ink[i * 280 + j] = 0.5;
  const { total } = measure(prepare(ink, 280));
  assert.ok(Math.abs(total / 400 - 0.75) < 0.5 / 255 + 1e-6);
});

test("ink far to one side stays inside", () => {
  // a heavy block, and a thin line that reaches far to the right
  const { wide } = measure(
    prepare(pad(280, [0, 100, 40, 40], [40, 119, 240, 2]), 280),
  );
  assert.equal(wide, 20);
});

test("one dot fills the box", () => {
  const { wide, high } = measure(prepare(pad(280, [7, 9, 1, 1]), 280));
  assert.deepEqual([wide, high], [20, 20]);
});

test("softmax sums to 1, with large logits too", () => {
  const p = softmax([1000, 1000, -1000]);
  assert.deepEqual(p, [0.5, 0.5, 0]);
});

test("words for probabilities", () => {
  assert.equal(percent(0.9999), "> 99.9 %");
  assert.equal(percent(1e-5), "< 0.1 %");
  assert.equal(percent(0.123), "12.3 %");
  const sure = [0.01, 0.95, 0.04, 0, 0, 0, 0, 0, 0, 0];
  assert.equal(verdict(sure), "It reads 1: 95.0 %.");
  const torn = [0, 0, 0, 0, 0.6, 0, 0, 0, 0, 0.4];
  assert.equal(verdict(torn), "Not sure: 4 (60.0 %) or 9 (40.0 %).");
});
