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
import { among, has, list, real, share, tensor, whole } from "./share.js";
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

/** At most about `most` of a curve's points, its last one among them. */
export function thinned(curve, most) {
  const every = Math.ceil(curve.length / most);
  return curve.filter((_, i) => i % every === 0 || i === curve.length - 1);
}

const IN_PYTORCH = {
  tanh: "Tanh",
  sigmoid: "Sigmoid",
  relu: "ReLU",
  adam: "Adam",
  sgd: "SGD",
};
const numbers = list(0, 33, real());
const FORM = {
  kind: among(["xor", "moons", "own"]),
  X: list(1, MOST, list(2, 2, real(-EDGE, EDGE))),
  y: list(1, MOST, among([0, 1])),
  hidden: whole(1, 8),
  activation: among(Object.keys(ACTIVATIONS)),
  optimiser: among(Object.keys(OPTIMISERS)),
  lr: real(0, 3),
  seed: whole(0, 1e9),
  step: whole(0, LAST + 1),
  theta: numbers,
  memory: { t: whole(0, LAST + 1), m: numbers, v: list(0, 33, real(0)) },
  curve: list(0, 100, list(2, 2, real(0))),
};

/** Is this a state: points, a network, what its optimiser remembers? */
export function fits({ rates }, state) {
  if (!has(FORM, state) || !rates.includes(state.lr)) return false;
  const { X, y, hidden, theta, memory } = state;
  const n = 4 * hidden + 1;
  const known = memory.t ? n : 0;
  return (
    y.length === X.length &&
    theta.length === n &&
    memory.m.length === known &&
    memory.v.length === known
  );
}

/** The state in PyTorch. */
export function cell(data, state) {
  const { hidden, optimiser, memory } = state;
  const remembered = memory.t
    ? `
# What Adam remembers: the means of the gradients and of their squares.
${tensor("m", memory.m)}
${tensor("v", memory.v)}
sizes = [p.numel() for p in net.parameters()]
parts = zip(net.parameters(), m.split(sizes), v.split(sizes), strict=True)
for p, mean, square in parts:
    optimizer.state[p] = {
        "step": torch.tensor(${memory.t}.0),
        "exp_avg": mean.view_as(p),
        "exp_avg_sq": square.view_as(p),
    }
`
    : "";
  return `import torch
from torch import nn

exact = torch.float64
${tensor("X", state.X)}
${tensor("y", state.y)}

net = nn.Sequential(
    nn.Linear(2, ${hidden}),
    nn.${IN_PYTORCH[state.activation]}(),
    nn.Linear(${hidden}, 1),
).to(exact)
# All weights and biases in one row.
${tensor("theta", state.theta)}
nn.utils.vector_to_parameters(theta, net.parameters())
optimizer = torch.optim.${IN_PYTORCH[optimiser]}(net.parameters(), lr=${state.lr})
${remembered}
loss_function = nn.BCEWithLogitsLoss()
step = ${state.step}
more = 100  # steps from here
for step in range(step + 1, step + more + 1):
    loss = loss_function(net(X).flatten(), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

with torch.no_grad():
    z = net(X).flatten()  # the logits
    loss = loss_function(z, y)
right = ((z > 0) == (y == 1)).sum()
print(f"step {step}: loss {loss:.3f}, {right} of {len(y)} right")
`;
}

export function build(body, data, root) {
  let { hidden, activation, optimiser, lr, seed } = data;
  let kind = data.points;
  let theta, memory, move, dead;
  let step = 0;
  let curve = []; // [step, loss] after each
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
  const chart = plot({
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
  chart.layer.append(ln2, name, path);

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
    const end = [200, 500, 1000, 2000, 5000, LAST].find((v) => v >= step);
    const highest = curve.reduce((a, [, v]) => Math.max(a, v), 0);
    const top = highest <= 1 ? 1 : Math.min(Math.ceil(highest), 10);
    const { x, y } = chart.range;
    if (x[1] !== end || y[1] !== top) chart.rescale([0, end], [0, top]);
    set(path, { d: chart.path(thinned(curve, 300)) });
    const level = [0, end].map((v) => [v, Math.LN2]);
    set(ln2, { d: chart.path(level) });
    set(name, { x: chart.X(end) - 4, y: chart.Y(Math.LN2) - 5 });
  };

  /** The state in a sentence. */
  const words = (loss, right) => {
    const { X } = points;
    if (!X.length)
      return "No points yet. Tap the plane to add some of both classes.";
    const sorry =
      step >= LAST
        ? `Stopped after ${LAST} steps. `
        : Number.isFinite(loss)
          ? ""
          : "The loss is no number any more: the learning rate is too large. ";
    const part = format((100 * right) / X.length, 0);
    const still = dead.length
      ? ` Dead units: ${dead.length} of ${hidden} (dotted).`
      : "";
    return (
      `${sorry}Start ${seed}, step ${step}: ` +
      `loss ${loss < 0.001 ? "below 0.001" : format(loss, 3)}, ` +
      `${right} of ${X.length} right (${part}\u00a0%).${still}`
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
      steps: step,
      loss,
      right,
      points: X.length,
      seed,
      dead: dead.length,
      theta: theta.join(),
      kind,
    });
    shared.changed();
  };

  /** One step of training; false where it cannot go on. */
  const train = () => {
    const { X, y } = points;
    if (!X.length || step >= LAST) return false;
    const { gradient } = evaluate(theta, activation, X, y);
    move(theta, gradient, lr);
    step += 1;
    const { loss } = evaluate(theta, activation, X, y);
    curve.push([step, loss]);
    return Number.isFinite(loss);
  };
  const training = stepper({
    every: 50,
    step: (runs) => {
      // slowly at first, where most happens
      const fast = step < 60 ? 1 : step < 300 ? 4 : 20;
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
    memory = { t: 0, m: [], v: [] };
    move = OPTIMISERS[optimiser](memory);
    step = 0;
    const { X, y } = points;
    curve = X.length ? [[0, evaluate(theta, activation, X, y).loss]] : [];
    show();
  };

  /** The points were changed by hand: the network goes on from where it is. */
  const edited = () => {
    kind = "own";
    source.select.value = "own";
    if (points.X.length && !curve.length) restart();
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
  const width = slider({
    label: "Hidden units",
    min: 1,
    max: 8,
    value: hidden,
    input: (value) => {
      hidden = value;
      restart();
    },
  });
  const bend = choice({
    label: "Activation",
    options: { tanh: "tanh", sigmoid: "sigmoid", relu: "ReLU" },
    value: activation,
    input: (value) => {
      activation = value;
      restart();
    },
  });
  const way = choice({
    label: "Optimiser",
    options: { adam: "Adam", sgd: "SGD" },
    value: optimiser,
    input: (value) => {
      optimiser = value;
      lr = value === "adam" ? 0.05 : 1; // what each does well with
      rate.select.value = lr;
      restart();
    },
  });
  const shared = share(root, {
    state: () => {
      const { X, y } = points;
      const { m, v } = memory;
      if (!X.length || ![...theta, ...m, ...v].every(Number.isFinite))
        return null;
      return {
        kind,
        X,
        y,
        hidden,
        activation,
        optimiser,
        lr,
        seed,
        step,
        theta: [...theta],
        memory,
        curve: thinned(curve, 50)
          .filter(([, loss]) => Number.isFinite(loss))
          .map(([i, loss]) => [i, Number(loss.toPrecision(3))]),
      };
    },
    restore: (found) => {
      if (!fits(data, found)) return false;
      training.stop();
      ({ kind, hidden, activation, optimiser, lr, seed, step } = found);
      ({ memory, curve } = found);
      theta = Float64Array.from(found.theta);
      move = OPTIMISERS[optimiser](memory);
      width.value = hidden;
      source.select.value = kind;
      bend.select.value = activation;
      way.select.value = optimiser;
      rate.select.value = lr;
      points.set(found.X, found.y);
      show();
      return true;
    },
    cell: (now) => cell(data, now),
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
      [chart.svg, row(width.element, bend.element, way.element, rate.element)],
    ),
    h(
      "p",
      {},
      "Circles: class +1, blue. Squares: class −1, red. Line: a hidden unit's ",
      "score is 0. Points can be dragged. Keys: Page Up and Down go from point ",
      "to point, arrows move it, Delete removes it.",
    ),
    shared.element,
  );
  shared.open();
}
