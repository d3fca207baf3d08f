// A small network that learns in the page: 2 inputs, hidden units, 1 logit.

import {
  BLUE,
  RED,
  button,
  choice,
  clamp,
  columns,
  draggable,
  format,
  h,
  heat,
  plot,
  rng,
  row,
  runner,
  s,
  set,
  slider,
  status,
} from "./core.js";

const MOST = 40; // points
const LAST = 10000; // steps
const EDGE = 1.8; // the plane goes from -EDGE to EDGE

const sigmoid = (z) => 1 / (1 + Math.exp(-z));

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

/** The logit of class 1 at a point; `a` gets what the hidden units say. */
export function logit(theta, kind, [x1, x2], a = []) {
  const hidden = (theta.length - 1) / 4;
  const { f } = ACTIVATIONS[kind];
  let z = theta[4 * hidden];
  for (let k = 0; k < hidden; k++) {
    a[k] = f(score(theta, k, x1, x2));
    z += theta[3 * hidden + k] * a[k];
  }
  return z;
}

/** The score of hidden unit k, before its activation. */
function score(theta, k, x1, x2) {
  const hidden = (theta.length - 1) / 4;
  return theta[2 * k] * x1 + theta[2 * k + 1] * x2 + theta[2 * hidden + k];
}

/**
 * Binary cross-entropy of the logits: its mean over the points, its gradient
 * and how many points are right. `y` holds 0 and 1.
 */
export function evaluate(theta, kind, X, y) {
  const hidden = (theta.length - 1) / 4;
  const gradient = new Float64Array(theta.length);
  const a = new Float64Array(hidden);
  let loss = 0;
  let right = 0;
  X.forEach(([x1, x2], n) => {
    const z = logit(theta, kind, [x1, x2], a);
    // ln(1 + e^z) - yz, written so that no power gets too large
    loss += Math.max(z, 0) - z * y[n] + Math.log1p(Math.exp(-Math.abs(z)));
    right += Number(z > 0 === (y[n] === 1));
    const dz = (sigmoid(z) - y[n]) / X.length;
    gradient[4 * hidden] += dz;
    for (let k = 0; k < hidden; k++) {
      const { slope } = ACTIVATIONS[kind];
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

/** Optimisers: each gives a function that moves theta by one step. */
export const OPTIMISERS = {
  sgd: () => (theta, gradient, lr) => {
    for (let i = 0; i < theta.length; i++) theta[i] -= lr * gradient[i];
  },
  // D. P. Kingma and J. Ba (2015), algorithm 1, arXiv:1412.6980
  adam: () => {
    let t = 0;
    const m = [];
    const v = [];
    return (theta, gradient, lr) => {
      t += 1;
      for (let i = 0; i < theta.length; i++) {
        m[i] = 0.9 * (m[i] ?? 0) + 0.1 * gradient[i];
        v[i] = 0.999 * (v[i] ?? 0) + 0.001 * gradient[i] ** 2;
        const mean = m[i] / (1 - 0.9 ** t);
        const square = v[i] / (1 - 0.999 ** t);
        theta[i] -= (lr * mean) / (Math.sqrt(square) + 1e-8);
      }
    };
  },
};

/** Hidden units that say 0 at every point: ReLU units that cannot learn. */
export function deadUnits(theta, kind, X) {
  if (kind !== "relu" || !X.length) return [];
  return Array.from({ length: (theta.length - 1) / 4 }, (_, k) => k).filter(
    (k) => X.every(([x1, x2]) => score(theta, k, x1, x2) <= 0),
  );
}

/** Two half circles, one in the other's mouth: 40 points. */
export function moons() {
  const random = rng(1);
  const X = [];
  const y = [];
  for (let i = 0; i < MOST; i++) {
    const turn = (Math.PI * Math.floor(i / 2)) / (MOST / 2 - 1);
    const upper = i % 2 === 1;
    const x1 = upper ? Math.cos(turn) : 1 - Math.cos(turn);
    const x2 = upper ? Math.sin(turn) : 0.5 - Math.sin(turn);
    const place = (v) => Number((v + 0.07 * random.normal()).toFixed(2));
    X.push([place(x1 - 0.5), place(1.3 * (x2 - 0.25))]);
    y.push(Number(upper));
  }
  return { X, y };
}

const corners = () => ({
  X: [
    [1, 1],
    [-1, 1],
    [-1, -1],
    [1, -1],
  ],
  y: [1, 0, 1, 0],
});

const signed = (y) => (y ? "class +1" : "class −1");

/** A point to drag: circle for class +1, square for −1. */
function marker(y, small) {
  const edge = { stroke: "#fff", "stroke-width": 1.5 };
  const r = small ? 6 : 9;
  return s(
    "g",
    {},
    s("circle", { r: small ? 9 : 18, fill: "transparent" }),
    y
      ? s("circle", { r, fill: BLUE, ...edge })
      : s("rect", {
          x: 1 - r,
          y: 1 - r,
          width: 2 * r - 2,
          height: 2 * r - 2,
          fill: RED,
          ...edge,
        }),
  );
}

export function build(body, data) {
  let { hidden, activation, optimiser, lr, seed } = data;
  let kind = data.points;
  let X, y, theta, move, losses, dead, right, loss;
  let handles = [];
  let current = 0; // the point that the Tab key reaches
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
  const colours = heat(
    plane,
    (x1, x2) => {
      const p = sigmoid(logit(theta, activation, [x1, x2]));
      const strong = Math.round(150 * Math.abs(2 * p - 1));
      return p > 0.5 ? [0, 114, 178, strong] : [213, 94, 0, strong];
    },
    40,
  );
  const lines = s("g", { fill: "none", stroke: "currentColor" });
  const sight = s("path", {
    d: "M-9 0H9M0 -9V9",
    stroke: "currentColor",
    "stroke-width": 2,
    visibility: "hidden",
  });
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
  const ln2 = s("path", {
    stroke: "currentColor",
    "stroke-dasharray": "3 4",
    fill: "none",
  });
  const name = s("text", { "text-anchor": "end" }, "ln 2: not knowing");
  const path = s("path", { stroke: BLUE, "stroke-width": 2, fill: "none" });
  curve.layer.append(ln2, name, path);
  const words = status();

  const drawLine = (k) => {
    const hiddenUnits = (theta.length - 1) / 4;
    const [a, b] = [theta[2 * k], theta[2 * k + 1]];
    const c = theta[2 * hiddenUnits + k];
    const size = a * a + b * b;
    const foot = [(-a * c) / size, (-b * c) / size];
    const far = (4 * EDGE) / Math.sqrt(size);
    const ends = [far, -far].map((t) => [foot[0] - t * b, foot[1] + t * a]);
    return s("path", {
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
    const { x, y: height } = curve.range;
    if (x[1] !== end || height[1] !== top) curve.rescale([0, end], [0, top]);
    const every = Math.ceil(n / 300);
    const points = losses.map((v, i) => [i, v]);
    set(path, {
      d: curve.path(points.filter(([i]) => i % every === 0 || i === n - 1)),
    });
    set(ln2, {
      d: curve.path([
        [0, Math.LN2],
        [end, Math.LN2],
      ]),
    });
    set(name, { x: curve.X(end) - 4, y: curve.Y(Math.LN2) - 5 });
  };

  const look = () => {
    ({ loss, right } = evaluate(theta, activation, X, y));
    dead = deadUnits(theta, activation, X);
  };

  const show = (said) => {
    look();
    colours.redraw();
    lines.replaceChildren(
      ...Array.from({ length: hidden }, (_, k) => drawLine(k)),
    );
    drawCurve();
    const steps = losses.length - 1;
    const share = format((100 * right) / X.length, 0);
    const still = dead.length
      ? ` Dead units: ${dead.length} of ${hidden} (dotted).`
      : "";
    words.textContent = !X.length
      ? "No points yet. Tap the plane to add some of both classes."
      : `${said ? `${said} ` : ""}Start ${seed}, step ${steps}: ` +
        `loss ${loss < 0.001 ? "below 0.001" : format(loss, 3)}, ` +
        `${right} of ${X.length} right (${share}\u00a0%).${still}`;
    handles.forEach(({ at }, i) => {
      const where = X[i].map((v) => format(v, 2)).join(", ");
      at(X[i], `Point ${i + 1} at (${where}), ${signed(y[i])}`);
    });
    Object.assign(body.dataset, {
      steps,
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
    if (!X.length || losses.length > LAST) return false;
    const { gradient } = evaluate(theta, activation, X, y);
    move(theta, gradient, lr);
    losses.push(evaluate(theta, activation, X, y).loss);
    return Number.isFinite(losses.at(-1));
  };
  const sorry = () => {
    if (losses.length > LAST) return `Stopped after ${LAST} steps.`;
    return X.length && !Number.isFinite(losses.at(-1))
      ? "The loss is no number any more: the learning rate is too large."
      : "";
  };
  const run = runner({
    every: 50,
    step: () => {
      // slowly at first, where most happens
      const many = losses.length < 60 ? 1 : losses.length < 300 ? 4 : 20;
      let on = true;
      for (let i = 0; on && i < many; i++) on = train();
      set(words, { "aria-live": on ? "off" : "polite" });
      show(sorry());
      return on;
    },
  });

  /** The same start again, or another: seed, size and activation decide. */
  const restart = () => {
    run.stop();
    theta = initial(hidden, rng(seed));
    move = OPTIMISERS[optimiser]();
    losses = X.length ? [evaluate(theta, activation, X, y).loss] : [];
    show();
  };

  /** The points were changed by hand: the network goes on from where it is. */
  const edited = () => {
    kind = "own";
    source.select.value = "own";
    if (X.length && !losses.length) return restart();
    return show();
  };
  const remove = (i) => {
    X.splice(i, 1);
    y.splice(i, 1);
    current = clamp(i, 0, Math.max(X.length - 1, 0));
    place();
    edited();
  };
  const inside = (v) => Number(clamp(v, -EDGE, EDGE).toFixed(2));
  const add = (to) => {
    if (X.length >= MOST) return;
    X.push(to.map(inside));
    y.push(Number(tap));
    current = X.length - 1;
    place();
    edited();
  };
  const reach = (i) => {
    current = (i + X.length) % X.length;
    handles.forEach(({ shape }, k) =>
      set(shape, { tabindex: k === current ? 0 : -1 }),
    );
  };

  const place = () => {
    for (const { shape } of handles) shape.remove();
    handles = X.map((_, i) => {
      const shape = marker(y[i], X.length > 12);
      const handle = draggable(plane, shape, {
        move: (to) => {
          X[i] = to.map(inside);
          edited();
        },
        press: () => {
          if (tap === "remove") {
            remove(i);
            (handles[current]?.shape ?? ground).focus();
            return;
          }
          y[i] = Number(tap);
          place();
          edited();
          handles[i].shape.focus();
        },
      });
      set(shape, {
        onfocus: () => reach(i),
        onkeydown: (event) => {
          const way = { PageDown: 1, PageUp: -1 }[event.key];
          if (way) {
            reach(i + way);
            handles[current].shape.focus();
          } else if (["Delete", "Backspace"].includes(event.key)) {
            remove(i);
            (handles[current]?.shape ?? ground).focus();
          } else return;
          event.preventDefault();
        },
      });
      return handle;
    });
    if (X.length) reach(current);
  };

  const nearest = ([a, b]) => {
    const gaps = X.map(([x1, x2]) => Math.hypot(x1 - a, x2 - b));
    const best = gaps.indexOf(Math.min(...gaps));
    return gaps[best] < 0.25 ? best : -1;
  };
  const act = (to) => {
    const i = nearest(to);
    if (tap !== "remove") add(to);
    else if (i >= 0) remove(i);
  };
  set(ground, {
    onclick: (event) => act(plane.data(event)),
    onkeydown: (event) => {
      const size = event.shiftKey ? 0.5 : 0.1;
      const way = {
        ArrowLeft: [-size, 0],
        ArrowRight: [size, 0],
        ArrowDown: [0, -size],
        ArrowUp: [0, size],
      }[event.key];
      if (way) {
        cross = cross.map((v, k) => inside(v + way[k]));
        const [a, b] = cross;
        const d = `translate(${plane.X(a)} ${plane.Y(b)})`;
        set(sight, { transform: d, visibility: "visible" });
        words.textContent = `Cross at (${format(a, 1)}, ${format(b, 1)}).`;
      } else if (event.key === "Enter" || event.key === " ") act(cross);
      else return;
      event.preventDefault();
    },
    onblur: () => set(sight, { visibility: "hidden" }),
  });

  const choose = (value) => {
    kind = value;
    ({ X, y } = { xor: corners, moons, own: () => ({ X: [], y: [] }) }[kind]());
    current = 0;
    place();
    restart();
  };
  const rate = choice({
    label: "Learning rate",
    options: Object.fromEntries(data.rates.map((v) => [v, `${v}`])),
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
      h(
        "div",
        {},
        plane.svg,
        row(
          run.element,
          button("Step", () => {
            run.stop();
            set(words, { "aria-live": "polite" });
            train();
            show(sorry());
          }),
          button("Reset", restart),
          button("New weights", () => {
            seed += 1;
            restart();
          }),
          words,
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
      ),
      h(
        "div",
        {},
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
      ),
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
