// What the live figures share, apart from what needs a page.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  PALETTE,
  arrow,
  clamp,
  format,
  pointer,
  unpack,
} from "../../../lessons_lib/live/core.js";

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

test("every colour is dark or light enough on both pages", () => {
  const part = (c) => (c > 0.04045 ? ((c + 0.055) / 1.055) ** 2.4 : c / 12.92);
  const light = (color) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
      const byte = parseInt(color.slice(1 + 2 * i, 3 + 2 * i), 16);
      return sum + weight * part(byte / 255);
    }, 0.05);
  // what lines and areas need against white and the dark page: WCAG 1.4.11
  for (const name of ["BLUE", "RED", "GREY"])
    for (const page of ["#FFFFFF", "#121212"]) {
      const pair = [light(PALETTE[name]), light(page)];
      const contrast = Math.max(...pair) / Math.min(...pair);
      assert.ok(contrast >= 3, `${name} on ${page}: ${contrast}`);
    }
});

test("arrow keys point, farther with Shift; other keys do not", () => {
  assert.deepEqual(arrow({ key: "ArrowUp" }, 0.5), [0, 0.5]);
  assert.deepEqual(arrow({ key: "ArrowLeft", shiftKey: true }, 2), [-20, 0]);
  assert.deepEqual(arrow({ key: "ArrowDown", shiftKey: true }, 8, 3), [0, -24]);
  for (const key of ["Enter", "a", "Tab"])
    assert.equal(arrow({ key }, 1), null);
});

test("a pointer's place is in the element's own units", () => {
  const box = { left: 100, top: 50, width: 200, height: 400 };
  const element = { getBoundingClientRect: () => box };
  const event = { clientX: 150, clientY: 450 };
  assert.deepEqual(pointer(event, element, 10, 20), [2.5, 20]);
});
