// A small network that learns in the page: 2 inputs, hidden units, 1 logit.

import {
  BLUE,
  RED,
  arrow,
  button,
  choice,
  clamp,
  columns,
  format,
  h,
  line,
  row,
  s,
  set,
  shown,
  slider,
} from "./core.js";
import { adam, rng, sgd, sigmoid, softplus } from "./maths.js";
import { heat, plot, rgb } from "./plot.js";
import { editor, marker, signed } from "./points.js";
import { stepper } from "./stepper.js";

const MOST = 40; // points
const LAST = 10000; // steps
const EDGE = 1.8; // the plane goes from -EDGE to EDGE

export const OPTIMISERS = { sgd, adam };

/** Activations, and their derivatives from the score z and the value a. */
export const ACTIVATIONS = {
  tanh: { f: Math.tanh, slope: (z, a) => 1 - a * a },
  sigmoid: { f: sigmoid, slope: (z, a) => a * (1 - a) },
  relu: { f: (z) => Math.max(z, 0), slope: (z) => Number(z > 0) },
};

/**
 * The parameters in one row, as PyTorch's: the hidden units' weights (two
 * each), their biases, the output's weights, its bias. Each is drawn between
 * ±1/√(inputs), as nn.Linear does.
 */
export function initial(hidden, random) {
  return Float64Array.from({ length: 4 * hidden + 1 }, (_, i) => {
    const inputs = i < 3 * hidden ? 2 : hidden;
    return (2 * random() - 1) / Math.sqrt(inputs);
  });
}

const units = (theta) => (theta.length - 1) / 4;

/** The score of hidden unit k, before its activation. */
function score(theta, k, x1, x2) {
  return (
    theta[2 * k] * x1 + theta[2 * k + 1] * x2 + theta[2 * units(theta) + k]
  );
}

/** The logit of class 1 at a point; `a` gets what the hidden units say. */
export function logit(theta, kind, [x1, x2], a = []) {
  const hidden = units(theta);
  const { f } = ACTIVATIONS[kind];
  let z = theta[4 * hidden];
  for (let k = 0; k < hidden; k++) {
    a[k] = f(score(theta, k, x1, x2));
    z += theta[3 * hidden + k] * a[k];
  }
  return z;
}

/**
 * Binary cross-entropy of the logits: its mean over the points, its gradient
 * and how many points are right. `y` holds 0 and 1.
 */
export function evaluate(theta, kind, X, y) {
  const hidden = units(theta);
  const { slope } = ACTIVATIONS[kind];
  const gradient = new Float64Array(theta.length);
  const a = new Float64Array(hidden);
  let loss = 0;
  let right = 0;
  X.forEach(([x1, x2], n) => {
    const z = logit(theta, kind, [x1, x2], a);
    loss += softplus(z) - z * y[n];
    right += Number(z > 0 === (y[n] === 1));
    const dz = (sigmoid(z) - y[n]) / X.length;
    gradient[4 * hidden] += dz;
    for (let k = 0; k < hidden; k++) {
      const dk =
        dz * theta[3 * hidden + k] * slope(score(theta, k, x1, x2), a[k]);
      gradient[3 * hidden + k] += dz * a[k];
      gradient[2 * k] += dk * x1;
      gradient[2 * k + 1] += dk * x2;
      gradient[2 * hidden + k] += dk;
    }
  });
  return { loss: loss / X.length, gradient, right };
}

/** Hidden units that say 0 at every point: ReLU units that cannot learn. */
export function deadUnits(theta, kind, X) {
  if (kind !== "relu" || !X.length) return [];
  return Array.from({ length: units(theta) }, (_, k) => k).filter((k) =>
    X.every(([x1, x2]) => score(theta, k, x1, x2) <= 0),
  );
}

export function build(body, data) {
  let { hidden, activation, optimiser, lr, seed } = data;
  let kind = data.points;
  let theta, move, losses, dead;
  let tap = "1"; // what a tap does: class 1 or 0, or "remove"
  let cross = [0, 0];

  const plane = plot({
    x: [-EDGE, EDGE],
    y: [-EDGE, EDGE],
    label: "The plane, coloured by the class the network says there",
    xLabel: "x₁",
    yLabel: "x₂",
    height: 336,
  });
  const [blue, red] = [BLUE, RED].map(rgb);
  const colours = heat(
    plane,
    (x1, x2) => {
      const p = sigmoid(logit(theta, activation, [x1, x2]));
      const strong = Math.round(150 * Math.abs(2 * p - 1));
      return [...(p > 0.5 ? blue : red), strong];
    },
    40,
  );
  const lines = s("g");
  const sight = line({ d: "M-9 0H9M0 -9V9", "stroke-width": 2 });
  shown(sight, false);
  const ground = s("rect", {
    x: plane.X(-EDGE),
    y: plane.Y(EDGE),
    width: plane.width,
    height: plane.height,
    fill: "transparent",
    tabindex: 0,
    role: "button",
    "aria-label":
      "The plane. Arrow keys move a cross; Enter adds or removes a point there",
  });
  plane.layer.append(lines);
  plane.front.append(ground, sight);
  const curve = plot({
    x: [0, 200],
    y: [0, 1],
    label: "The loss after each step",
    xLabel: "step",
    yLabel: "loss",
    height: 260,
  });
  const ln2 = line({ "stroke-dasharray": "3 4" });
  const name = s("text", { "text-anchor": "end" }, "ln 2: not knowing");
  const path = line({ stroke: BLUE, "stroke-width": 2 });
  curve.layer.append(ln2, name, path);

  const drawLine = (k) => {
    const [a, b] = [theta[2 * k], theta[2 * k + 1]];
    const c = theta[2 * hidden + k];
    const size = a * a + b * b;
    const foot = [(-a * c) / size, (-b * c) / size];
    const far = (4 * EDGE) / Math.sqrt(size);
    const ends = [far, -far].map((t) => [foot[0] - t * b, foot[1] + t * a]);
    return line({
      d: plane.path(ends),
      "stroke-width": 1.5,
      "stroke-dasharray": dead.includes(k) ? "1 5" : null,
    });
  };

  const drawCurve = () => {
    const n = losses.length;
    const end = [200, 500, 1000, 2000, 5000, LAST].find((v) => v >= n - 1);
    const highest = losses.reduce((a, b) => Math.max(a, b), 0);
    const top = highest <= 1 ? 1 : Math.min(Math.ceil(highest), 10);
    const { x, y } = curve.range;
    if (x[1] !== end || y[1] !== top) curve.rescale([0, end], [0, top]);
    const every = Math.ceil(n / 300);
    const all = losses.map((v, i) => [i, v]);
    set(path, {
      d: curve.path(all.filter(([i]) => i % every === 0 || i === n - 1)),
    });
    const level = [0, end].map((v) => [v, Math.LN2]);
    set(ln2, { d: curve.path(level) });
    set(name, { x: curve.X(end) - 4, y: curve.Y(Math.LN2) - 5 });
  };

  /** The state in a sentence. */
  const words = (loss, right) => {
    const { X } = points;
    if (!X.length)
      return "No points yet. Tap the plane to add some of both classes.";
    const sorry =
      losses.length > LAST
        ? `Stopped after ${LAST} steps. `
        : Number.isFinite(losses.at(-1))
          ? ""
          : "The loss is no number any more: the learning rate is too large. ";
    const share = format((100 * right) / X.length, 0);
    const still = dead.length
      ? ` Dead units: ${dead.length} of ${hidden} (dotted).`
      : "";
    return (
      `${sorry}Start ${seed}, step ${losses.length - 1}: ` +
      `loss ${loss < 0.001 ? "below 0.001" : format(loss, 3)}, ` +
      `${right} of ${X.length} right (${share}\u00a0%).${still}`
    );
  };

  const show = () => {
    const { X, y } = points;
    const { loss, right } = evaluate(theta, activation, X, y);
    dead = deadUnits(theta, activation, X);
    colours.redraw();
    lines.replaceChildren(
      ...Array.from({ length: hidden }, (_, k) => drawLine(k)),
    );
    drawCurve();
    training.say(words(loss, right));
    points.show((i) => {
      const where = X[i].map((v) => format(v, 2)).join(", ");
      return `Point ${i + 1} at (${where}), ${signed(y[i])}`;
    });
    Object.assign(body.dataset, {
      steps: losses.length - 1,
      loss,
      right,
      points: X.length,
      seed,
      dead: dead.length,
      theta: theta.join(),
      kind,
    });
  };

  /** One step of training; false where it cannot go on. */
  const train = () => {
    const { X, y } = points;
    if (!X.length || losses.length > LAST) return false;
    const { gradient } = evaluate(theta, activation, X, y);
    move(theta, gradient, lr);
    losses.push(evaluate(theta, activation, X, y).loss);
    return Number.isFinite(losses.at(-1));
  };
  const training = stepper({
    every: 50,
    step: (runs) => {
      // slowly at first, where most happens
      const fast = losses.length < 60 ? 1 : losses.length < 300 ? 4 : 20;
      let on = true;
      for (let i = 0; on && i < (runs ? fast : 1); i++) on = train();
      return on;
    },
    show,
  });

  /** The same start again, or another: seed, size and activation decide. */
  const restart = () => {
    training.stop();
    theta = initial(hidden, rng(seed));
    move = OPTIMISERS[optimiser]();
    const { X, y } = points;
    losses = X.length ? [evaluate(theta, activation, X, y).loss] : [];
    show();
  };

  /** The points were changed by hand: the network goes on from where it is. */
  const edited = () => {
    kind = "own";
    source.select.value = "own";
    if (points.X.length && !losses.length) restart();
    else show();
  };
  const inside = (to) =>
    to.map((v) => Number(clamp(v, -EDGE, EDGE).toFixed(2)));
  const points = editor(plane, {
    mark: () => (points.X.length > 12 ? marker(6, 9) : marker(9, 18)),
    inside,
    press: (i) => {
      if (tap === "remove") return points.remove(i);
      points.y[i] = Number(tap);
      return edited();
    },
    changed: edited,
    oneStop: true,
    empty: ground,
  });

  const nearest = ([a, b]) => {
    const gaps = points.X.map(([x1, x2]) => Math.hypot(x1 - a, x2 - b));
    const best = gaps.indexOf(Math.min(...gaps));
    return gaps[best] < 0.25 ? best : -1;
  };
  const act = (to) => {
    const i = nearest(to);
    if (tap !== "remove") {
      if (points.X.length < MOST) points.add(to, Number(tap));
    } else if (i >= 0) points.remove(i);
  };
  set(ground, {
    onclick: (event) => act(plane.data(event)),
    onkeydown: (event) => {
      const way = arrow(event, 0.1, 5);
      if (way) {
        cross = inside(cross.map((v, k) => v + way[k]));
        plane.put(sight, cross);
        shown(sight, true);
        const [a, b] = cross.map((v) => format(v, 1));
        training.say(`Cross at (${a}, ${b}).`);
      } else if (event.key === "Enter" || event.key === " ") act(cross);
      else return;
      event.preventDefault();
    },
    onblur: () => shown(sight, false),
  });

  const choose = (value) => {
    kind = value;
    const { X, y } = data.sets[kind];
    points.set(X, y);
    restart();
  };
  const rate = choice({
    label: "Learning rate",
    options: data.rates,
    value: lr,
    input: (value) => {
      lr = Number(value);
    },
  });
  const source = choice({
    label: "Points",
    options: { xor: "XOR", moons: "two moons", own: "your own" },
    value: kind,
    input: choose,
  });
  choose(kind);
  body.append(
    columns(
      [
        plane.svg,
        row(
          training.step,
          training.run,
          button("Reset", restart),
          button("New weights", () => {
            seed += 1;
            restart();
          }),
          training.words,
          source.element,
          choice({
            label: "A tap",
            options: {
              1: "adds a circle",
              0: "adds a square",
              remove: "removes",
            },
            value: tap,
            input: (value) => {
              tap = value;
            },
          }).element,
        ),
      ],
      [
        curve.svg,
        row(
          slider({
            label: "Hidden units",
            min: 1,
            max: 8,
            value: hidden,
            input: (value) => {
              hidden = value;
              restart();
            },
          }).element,
          choice({
            label: "Activation",
            options: { tanh: "tanh", sigmoid: "sigmoid", relu: "ReLU" },
            value: activation,
            input: (value) => {
              activation = value;
              restart();
            },
          }).element,
          choice({
            label: "Optimiser",
            options: { adam: "Adam", sgd: "SGD" },
            value: optimiser,
            input: (value) => {
              optimiser = value;
              lr = value === "adam" ? 0.05 : 1; // what each does well with
              rate.select.value = lr;
              restart();
            },
          }).element,
          rate.element,
        ),
      ],
    ),
    h(
      "p",
      {},
      "Circles: class +1, blue. Squares: class −1, red. Line: a hidden unit's ",
      "score is 0. Points can be dragged. Keys: Page Up and Down go from point ",
      "to point, arrows move it, Delete removes it.",
    ),
  );
}
