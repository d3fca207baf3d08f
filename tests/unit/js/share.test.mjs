// What an address holds of a figure: anybody can write it, so it is looked at.

import assert from "node:assert/strict";
import { test } from "node:test";

import { rng } from "../../../lessons_lib/live/maths.js";
import {
  among,
  decode,
  encode,
  has,
  inside,
  list,
  python,
  real,
  whole,
} from "../../../lessons_lib/live/share.js";
import { FIGURES } from "./states.mjs";

const rows = Float32Array.of(1, 0, 1, 0, 3, 6, 0.1, -0.2, 0.3);
const samples = btoa(String.fromCharCode(...new Uint8Array(rows.buffer)));
const DATA = {
  lr: 1,
  limit: 5,
  rates: [0.05, 1],
  rules: { SGD: 0.1, AdamW: 0.1 },
  samples: `data:;base64,${samples}`,
  layers: [],
};
const JUNK = [null, -1, 0.5, 99, 1e308, "", "x", [], {}, true, [[]], [null]];

test("letters say the state again, and bad ones say nothing", () => {
  const state = { w: [0.1, -1e-300, 1 / 3], name: "???>>>" };
  const letters = encode(state);
  assert.match(letters, /^[\w-]+$/);
  assert.match(letters, /-.*_|_.*-/, "in place of + and /");
  assert.deepEqual(decode(letters), state);
  for (const bad of ["", "%%", "abc", letters.slice(0, -3), "é"])
    assert.equal(decode(bad), null);
});

test("a fragment may hold several states, an anchor, or nothing", () => {
  const found = inside("#trainer-1=abc&perceptron-2=d-_");
  assert.deepEqual(
    [...found],
    [
      ["trainer-1", "abc"],
      ["perceptron-2", "d-_"],
    ],
  );
  for (const other of ["", "#", "#cell-28", "#a&b"])
    assert.equal(inside(other).size, 0);
});

test("a form is met by its own values alone", () => {
  const form = { a: list(1, 2, real(0, 1)), b: whole(0, 3), c: among(["x"]) };
  const good = { a: [0.5], b: 3, c: "x" };
  assert.ok(has(form, good));
  for (const bad of [
    null,
    7,
    [],
    { ...good, a: [] },
    { ...good, a: [0, 0, 0] },
    { ...good, a: [NaN] },
    { ...good, a: ["0"] },
    { ...good, b: 0.5 },
    { ...good, b: 4 },
    { ...good, c: "y" },
    { a: [0.5], b: 3 },
  ])
    assert.ok(!has(form, bad), JSON.stringify(bad));
});

test("long lists are broken, and pairs are not", () => {
  assert.equal(python("a", [1, 2]), "a = [1, 2]");
  const pairs = Array.from({ length: 20 }, (_, i) => [i / 7, (0.5 - i) / 3]);
  const text = python("a", pairs);
  assert.deepEqual(JSON.parse(text.slice(4)), pairs);
  for (const line of text.split("\n").slice(1, -1))
    assert.match(line, /^ {4}(\[[^[\]]*\](, |,?$))+$/);
  assert.ok(text.split("\n").every((line) => line.length < 80));
});

/** A copy in which one value, anywhere, is junk. */
function damaged(value, random) {
  if (value === null || typeof value !== "object" || random() < 0.1)
    return JUNK[Math.floor(JUNK.length * random())];
  const names = Object.keys(value);
  const name = names[Math.floor(names.length * random())];
  const copy = Array.isArray(value) ? [...value] : { ...value };
  if (names.length) copy[name] = damaged(value[name], random);
  return copy;
}

for (const [name, { make, fits, cell }] of Object.entries(FIGURES))
  test(`a damaged state of ${name} is refused, or a state as well`, () => {
    const random = rng(2);
    let refused = 0;
    for (let i = 0; i < 300; i++) {
      const state = make(DATA, random);
      assert.ok(fits(DATA, state));
      const bad = damaged(state, random);
      if (!fits(DATA, bad)) refused += 1;
      else assert.doesNotMatch(cell(DATA, bad), /undefined|null|NaN|Infinity/);
    }
    assert.ok(refused > 100, `${refused} of 300`);
  });
