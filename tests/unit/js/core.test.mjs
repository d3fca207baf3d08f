// What the live figures share, apart from what needs a page.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  clamp,
  format,
  rng,
  ticks,
  unpack,
} from "../../../lessons_lib/live/core.js";

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

test("numbers are written for people", () => {
  for (const [x, digits, words] of [
    [1, 3, "1.000"],
    [-1.25, 2, "−1.25"],
    [-0, 2, "0.00"],
    [1e-5, 3, "1.0e−5"],
    [-1e-5, 3, "−1.0e−5"],
    [1e6, 3, "1.0e+6"],
    [0.4, 0, "4.0e−1"],
    [NaN, 3, "not a number"],
    [-Infinity, 3, "−∞"],
  ])
    assert.equal(format(x, digits), words);
});

test("a number is kept between the ends", () => {
  assert.deepEqual(
    [-2, 0.5, 9].map((x) => clamp(x, 0, 1)),
    [0, 0.5, 1],
  );
});

test("packed numbers are unpacked", () => {
  // as struct.pack("<3f", 1, -2.5, 0.125) in base64
  const url = "data:;base64,AACAPwAAIMAAAAA+";
  assert.deepEqual([...unpack(url)], [1, -2.5, 0.125]);
});
