// Random states of the figures that compute, and where they go from there.

import assert from "node:assert/strict";

import * as activations from "../../../lessons_lib/live/activations.js";
import * as backprop from "../../../lessons_lib/live/backprop.js";
import * as descent from "../../../lessons_lib/live/descent.js";
import * as digit from "../../../lessons_lib/live/digit.js";
import { rng } from "../../../lessons_lib/live/maths.js";
import * as perceptron from "../../../lessons_lib/live/perceptron.js";
import { decode, encode } from "../../../lessons_lib/live/share.js";
import * as trainer from "../../../lessons_lib/live/trainer.js";

const range = (n) => Array.from({ length: n }, (_, i) => i);
const one = (values, random) => values[Math.floor(values.length * random())];
const between = (low, high, random) => low + (high - low) * random();

/**
 * Of each figure: `make(data, random)` gives a state, `go(data, state, k)`
 * the numbers after k steps from there.
 */
export const FIGURES = {
  perceptron: {
    ...perceptron,
    make({ lr }, random) {
      const n = 2 + Math.floor(11 * random());
      const points = range(n).map(() =>
        range(2).map(() => Math.round(40 * random() - 20) / 20),
      );
      const classes = points.map(() => (random() < 0.5 ? -1 : 1));
      const places = points.map(random);
      const order = range(n).sort((i, j) => places[i] - places[j]);
      let now = perceptron.begin();
      const looks = 40 * random();
      for (let i = 0; i < looks && !now.done; i++)
        now = perceptron.look(now, points, classes, order, lr);
      return { points, classes, order, now, trail: [[0, 0, 0]] };
    },
    go({ lr }, { points, classes, order, now }, k) {
      for (let i = 0; i < k && !now.done; i++)
        now = perceptron.look(now, points, classes, order, lr);
      return [...now.w, now.b, now.place, now.updates, now.epochs];
    },
  },
  activations: {
    ...activations,
    make: (data, random) => ({
      z: Math.round(120 * random() - 60) / 10,
      layers: 1 + Math.floor(20 * random()),
      fourth: one(["LeakyReLU", "GELU", "softplus"], random),
    }),
    go(data, { z, layers, fourth }, k) {
      return ["sigmoid", "tanh", "ReLU", fourth].flatMap((name) => {
        const { f, slope } = activations.FUNCTIONS[name];
        const left = activations.stack(slope(z), layers + k).at(-1);
        return [f(z), slope(z), left];
      });
    },
  },
  backprop: {
    ...backprop,
    make: ({ limit }, random) => ({
      inputs: Object.fromEntries(
        backprop.INPUTS.map((name) => [
          name,
          Math.round(between(-2, 2, random) * limit) / 2,
        ]),
      ),
      chosen: one(backprop.INPUTS, random),
      done: Math.floor((backprop.STEPS + 1) * random()),
    }),
    go(data, { inputs, done }, k) {
      const n = backprop.forward(inputs);
      const values = "z1 z2 a1 a2 out loss".split(" ").map((name) => n[name]);
      const g = backprop.backward(n);
      const order = "loss out v1 v2 a1 a2 z1 z2 w1 w2".split(" ");
      const all = [...values, ...order.map((name) => g[name])];
      const { w2 } = backprop.backward(n, "clamp");
      return [...all.slice(0, done + k), w2];
    },
  },
  descent: {
    ...descent,
    make({ samples, rules }, random) {
      const valley = one(["along", "turned"], random);
      return {
        valley,
        rule: one(Object.keys(rules), random),
        rate: Math.round(between(-3, 0.5, random) * 20) / 20,
        from: [between(-4, 5, random), between(-4, 5, random)],
        done: Math.floor(60 * random()),
        best: descent.valley(samples, valley).best,
      };
    },
    go({ samples }, { valley, rule, rate, from, done }, k) {
      const ground = descent.valley(samples, valley);
      const walk = descent.walk(ground, rule, 10 ** rate, from, done + k);
      return [...walk.path.at(-1), walk.losses.at(-1)];
    },
  },
  trainer: {
    ...trainer,
    make({ rates }, random) {
      const X = range(1 + Math.floor(40 * random())).map(() =>
        range(2).map(() => Number(between(-1.8, 1.8, random).toFixed(2))),
      );
      const state = {
        kind: one(["xor", "moons", "own"], random),
        X,
        y: X.map(() => Number(random() < 0.5)),
        hidden: 1 + Math.floor(8 * random()),
        activation: one(Object.keys(trainer.ACTIVATIONS), random),
        optimiser: one(Object.keys(trainer.OPTIMISERS), random),
        lr: one(rates, random),
        seed: Math.floor(100 * random()),
        step: 0,
        curve: [[0, 0.7]],
        memory: { t: 0, m: [], v: [] },
      };
      state.theta = [...trainer.initial(state.hidden, rng(state.seed))];
      trained(state, Math.floor(60 * random()));
      return state;
    },
    go(data, state, k) {
      const now = trained(JSON.parse(JSON.stringify(state)), k);
      const { loss } = trainer.evaluate(
        now.theta,
        now.activation,
        now.X,
        now.y,
      );
      return [...now.theta, loss, now.step];
    },
  },
  digit: {
    ...digit,
    make(data, random) {
      const ink = new Float32Array(60 * 60);
      for (let stroke = 0; stroke < 3; stroke++) {
        const [left, top] = [30 * random(), 30 * random()].map(Math.floor);
        const [wide, high] = [1 + 25 * random(), 1 + 25 * random()];
        for (let i = 0; i < high; i++)
          for (let j = 0; j < wide; j++)
            ink[(top + i) * 60 + left + j] = random();
      }
      return { image: digit.packImage(digit.prepare(ink, 60)) };
    },
    go({ layers }, { image }, k) {
      const seen = digit.unpackImage(image);
      const moved = seen.map((_, i) => {
        const [line, place] = [28 * Math.floor(i / 28), i % 28];
        return seen[line + ((place - k + 56) % 28)];
      });
      const net = digit.unpackLayers(layers);
      return digit.softmax(digit.forward(net, moved));
    },
  },
};

/** The trainer's state, changed by so many steps. */
function trained(state, steps) {
  const { theta, activation, X, y, lr, memory } = state;
  const move = trainer.OPTIMISERS[state.optimiser](memory);
  for (let i = 0; i < steps; i++)
    move(theta, trainer.evaluate(theta, activation, X, y).gradient, lr);
  state.step += steps;
  return state;
}

/** `count` states of a figure, as a link brings them, each with its cell. */
export function states(name, data, count) {
  const { make, fits, cell, go } = FIGURES[name];
  const random = rng(1);
  return range(count).map((i) => {
    const state = make(data, random);
    const found = decode(encode(state));
    assert.deepEqual(found, JSON.parse(JSON.stringify(state)));
    assert.ok(fits(data, found), `${name}: ${JSON.stringify(found)}`);
    const more = i % 4 ? 1 + Math.floor(30 * random()) : 0;
    return { text: cell(data, found), more, after: go(data, found, more) };
  });
}
