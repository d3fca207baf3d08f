// The perceptron's rule on points to drag, one sample at a time.

import {
  BLUE,
  RED,
  button,
  clamp,
  columns,
  format,
  h,
  line,
  row,
  s,
  set,
  shown,
} from "./core.js";
import { plot, ticks } from "./plot.js";
import { editor, marker, signed } from "./points.js";
import {
  among,
  has,
  list,
  python,
  real,
  share,
  tensor,
  whole,
} from "./share.js";
import { stepper } from "./stepper.js";

const TINY = 1e-12; // a score nearer to 0 is rounding, so on the line
const [LEAST, MOST] = [2, 12]; // points

/** Nothing learned, nothing looked at. `w` is [w1, w2]. */
export function begin() {
  return {
    w: [0, 0],
    b: 0,
    place: 0, // in the order: the sample that comes next
    looked: null,
    wrong: false, // was the sample looked at wrong?
    mistakes: 0, // in this epoch
    updates: 0,
    epochs: 0, // finished ones
    done: false,
  };
}

const score = ({ w, b }, [x1, x2]) => w[0] * x1 + w[1] * x2 + b;

/** Is the neuron wrong about this point, or the point on the line? */
export const isWrong = (state, point, y) => y * score(state, point) <= TINY;

/** Look at the next sample, and update w and b if it is wrong. */
export function look(state, points, classes, order, lr) {
  const i = order[state.place];
  const wrong = isWrong(state, points[i], classes[i]);
  const change = wrong ? lr * classes[i] : 0;
  const mistakes = state.mistakes + wrong;
  const last = state.place + 1 === order.length;
  return {
    w: state.w.map((v, k) => v + change * points[i][k]),
    b: state.b + change,
    place: last ? 0 : state.place + 1,
    looked: i,
    wrong,
    mistakes: last ? 0 : mistakes,
    updates: state.updates + wrong,
    epochs: state.epochs + last,
    done: last && mistakes === 0,
  };
}

/**
 * A memory of states: called with each, it says how many updates ago the same
 * w and b were there at the same place of the epoch, and 0 if never. What
 * follows was then decided by the same numbers, and comes again for ever.
 */
export function memory() {
  const seen = new Map();
  return (state) => {
    const numbers = [state.place, ...state.w, state.b];
    const key = numbers.map((v) => Math.round(v * 1e9)).join();
    const before = seen.get(key) ?? state.updates;
    seen.set(key, state.updates);
    return state.updates - before;
  };
}

/** The distance of the nearest point, negative if one is wrong. */
export function marginOf(state, points, classes) {
  const size = Math.hypot(...state.w);
  if (size < TINY) return -Infinity;
  return Math.min(
    ...points.map((point, i) => (classes[i] * score(state, point)) / size),
  );
}

/** Ends of two axes around the points, one unit as long on both. */
export function frame(points, ratio, room, least = 1e-6) {
  const ends = [0, 1].map((k) => {
    const values = points.map((point) => point[k]);
    return [Math.min(...values), Math.max(...values)];
  });
  const [across, up] = ends.map(([low, high]) => high - low);
  const half = Math.max((room * Math.max(across / ratio, up)) / 2, least);
  const middle = ends.map(([low, high]) => (low + high) / 2);
  return {
    x: [middle[0] - half * ratio, middle[0] + half * ratio],
    y: [middle[1] - half, middle[1] + half],
  };
}

const count = whole(0, 1e9);
const index = whole(0, MOST - 1);
const FORM = {
  points: list(LEAST, MOST, list(2, 2, real())),
  classes: list(LEAST, MOST, among([1, -1])),
  order: list(LEAST, MOST, index),
  now: {
    w: list(2, 2, real()),
    b: real(),
    place: index,
    looked: (v) => v === null || index(v),
    wrong: among([true, false]),
    mistakes: count,
    updates: count,
    epochs: count,
    done: among([true, false]),
  },
  trail: list(1, 400, list(3, 3, real())),
};

/** Is this a state: points, classes, order, the rule's own, and its way? */
export function fits(data, state) {
  if (!has(FORM, state)) return false;
  const { points, classes, order, now } = state;
  const n = points.length;
  return (
    classes.length === n &&
    new Set(order).size === n &&
    [...order, now.place, now.looked].every((i) => i < n) &&
    order.length === n
  );
}

/** The state in PyTorch. */
export function cell({ lr }, { points, classes, order, now }) {
  return `import torch

exact = torch.float64
${tensor("X", points)}
${tensor("y", classes)}
${python("order", order)}
lr = ${lr}

${tensor("w", now.w)}
${tensor("b", now.b)}
place = ${now.place}  # in the order: the sample that comes next
mistakes = ${now.mistakes}  # in this epoch
updates, epochs = ${now.updates}, ${now.epochs}
done = ${now.done ? "True" : "False"}

more = 20  # samples to look at from here
for _ in range(more):
    if done:
        break
    i = order[place]
    if y[i] * (X[i] @ w + b) <= 1e-12:  # wrong, or on the line
        w += lr * y[i] * X[i]
        b += lr * y[i]
        updates += 1
        mistakes += 1
    place += 1
    if place == len(order):  # the end of an epoch
        epochs += 1
        done = mistakes == 0
        place, mistakes = 0, 0
print(f"w = {w.tolist()}, b = {b:g}, updates: {updates}, epochs: {epochs}")
`;
}

const short = (x) => format(x, 2).replace(/\.00$/, "");
const vector = (v) => `(${v.map(short).join(", ")})`;

/** What is drawn under the points: sides, line, arrow, margin. */
function drawNeuron(area, state, margin) {
  const { x, y } = area.range;
  const middle = [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
  const size = Math.hypot(...state.w);
  const far = 3 * (x[1] - x[0]);
  const distance = score(state, middle) / size; // from the line
  const side = (points, color) =>
    s("path", { d: `${area.path(points)}Z`, fill: color, opacity: 0.16 });
  if (size < TINY || Math.abs(distance) > far) {
    const all = [
      [x[0], y[0]],
      [x[1], y[0]],
      [x[1], y[1]],
      [x[0], y[1]],
    ];
    const value = score(state, middle);
    return Math.abs(value) < TINY ? [] : [side(all, value > 0 ? BLUE : RED)];
  }
  const n = state.w.map((v) => v / size);
  const at = (way, off) => [
    middle[0] + (off - distance) * n[0] - way * n[1],
    middle[1] + (off - distance) * n[1] + way * n[0],
  ];
  const half = (off) => [at(-far, 0), at(far, 0), at(far, off), at(-far, off)];
  const along = (off, attributes) =>
    line({ d: area.path([at(-far, off), at(far, off)]), ...attributes });
  const drawn = [side(half(2 * far), BLUE), side(half(-2 * far), RED)];
  if (margin > TINY)
    for (const off of [-margin, margin])
      drawn.push(along(off, { "stroke-dasharray": "3 4" }));
  drawn.push(along(0, { "stroke-width": 2.5 }));
  // the arrow is as long on the screen whatever the units are, and stands
  // where there is room for it
  const long = (46 * (x[1] - x[0])) / area.width;
  const inside = ([px, py]) => px > x[0] && px < x[1] && py > y[0] && py < y[1];
  const place =
    [0, 0.15, -0.15, 0.3, -0.3, 0.45, -0.45]
      .map((part) => part * (x[1] - x[0]))
      .find((a) => inside(at(a, 0)) && inside(at(a, long))) ?? 0;
  const [foot, tip] = [at(place, 0), at(place, long)].map(([px, py]) => [
    area.X(px),
    area.Y(py),
  ]);
  const turn = (Math.atan2(tip[1] - foot[1], tip[0] - foot[0]) * 180) / Math.PI;
  drawn.push(
    s(
      "g",
      { transform: `translate(${foot}) rotate(${turn})`, stroke: "none" },
      s("path", { d: "M0 -1.5H34V-6L47 0L34 6V1.5H0Z", fill: "currentColor" }),
    ),
    // beside the arrow, where it is not cut off
    s(
      "text",
      {
        x: (foot[0] + tip[0]) / 2 + ((tip[1] - foot[1]) * 13) / 46,
        y: (foot[1] + tip[1]) / 2 - ((tip[0] - foot[0]) * 13) / 46 + 4,
        "text-anchor": "middle",
      },
      "w",
    ),
  );
  return drawn;
}

/** The weights' way, with the b at each place where there is room. */
function drawTrail(area, trail) {
  const places = new Map(trail.map(([w1, w2, b]) => [`${w1},${w2}`, b]));
  const [w1, w2] = trail.at(-1);
  const spots = [...places].map(([key, b]) => {
    const [x, y] = key.split(",").map(Number);
    return { cx: area.X(x), cy: area.Y(y), b };
  });
  const mean = (k) =>
    spots.reduce((sum, spot) => sum + spot[k], 0) / spots.length;
  const middle = { cx: mean("cx"), cy: mean("cy") };
  const gap = (a, b) => Math.hypot(a.cx - b.cx, a.cy - b.cy);
  const near = spots.some((a, i) =>
    spots.some((b, j) => i < j && gap(a, b) < 48),
  );
  const dots = spots.map((spot) => {
    const { b, ...place } = spot;
    const dot = s("circle", { ...place, r: 3, fill: "currentColor" });
    if (near) return [dot];
    const out = gap(spot, middle) || 1; // the words stand outside the way
    const x = spot.cx + (30 * (spot.cx - middle.cx)) / out;
    const up = spots.length > 1 ? (18 * (spot.cy - middle.cy)) / out : -18;
    const y = spot.cy + 5 + up;
    return [
      dot,
      s("text", { x, y, "text-anchor": "middle" }, `b = ${short(b)}`),
    ];
  });
  const [cx, cy] = [area.X(w1), area.Y(w2)];
  return [
    line({ d: area.path(trail), "stroke-dasharray": "4 3" }),
    line({ d: `M${area.X(0)} ${area.Y(0)}L${cx} ${cy}`, "stroke-width": 2.5 }),
    ...dots.flat(),
    s("circle", { cx, cy, r: 7, fill: BLUE }),
  ];
}

/** A point's look: with a cross if it is wrong, a ring if looked at. */
function face() {
  const cross = line({
    d: "M-4 -4L4 4M-4 4L4 -4",
    stroke: "#fff",
    "stroke-width": 2.2,
  });
  const ring = s("circle", {
    r: 14,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 2,
    "pointer-events": "none",
  });
  const number = s("text", {
    y: -19,
    "text-anchor": "middle",
    "pointer-events": "none",
  });
  return { ...marker(9, 13, cross, ring, number), cross, ring, number };
}

export function build(body, data, root) {
  const { lr } = data;
  let order, state, trail, recall, cycle, said;
  const area = plot({
    x: [0, 1],
    y: [0, 1],
    label: "Points of two classes, and the neuron's line",
    xLabel: "x₁",
    yLabel: "x₂",
  });
  const ratio = area.width / area.height;
  const view = frame(data.points, ratio, 1.8);
  area.rescale(view.x, view.y);
  const [first, second] = ticks(...view.y, 40);
  const grid = second - first; // points move on a grid, so states come again
  const weights = plot({
    x: [-1, 1],
    y: [-1, 1],
    label: "The weights after each update",
    xLabel: "w₁",
    yLabel: "w₂",
  });
  const neuron = s("g");
  area.layer.append(neuron);
  const figures = h("p", { class: "live-status" });

  const show = () => {
    const { X, y } = points;
    const margin = marginOf(state, X, y);
    neuron.replaceChildren(...drawNeuron(area, state, margin));
    weights.layer.replaceChildren(...drawTrail(weights, trail));
    points.show((i, { cross, ring, number }) => {
      const wrong = isWrong(state, X[i], y[i]);
      number.textContent = i;
      shown(cross, wrong);
      shown(ring, state.looked === i);
      const is = `${signed(y[i])}, ${wrong ? "wrong" : "right"}`;
      return `Point ${i} at ${vector(X[i])}, ${is}`;
    });
    const { b, updates, epochs, done } = state;
    const room = margin > TINY ? ` Margin: ${format(margin, 2)}.` : "";
    figures.textContent =
      `w = ${vector(state.w)}, b = ${short(b)}. ` +
      `Updates: ${updates}. Epochs: ${epochs}.${room}`;
    rule.say(said);
    set(more, { disabled: X.length >= MOST });
    set(less, { disabled: X.length <= LEAST });
    const w = state.w.join();
    Object.assign(body.dataset, { w, b, updates, epochs, done, cycle });
    shared.changed();
  };

  const zoom = () => {
    const places = [...trail.map(([w1, w2]) => [w1, w2]), [0, 0]];
    const far = Math.max(...points.X.flat().map(Math.abs), 1e-6);
    const wanted = frame(places, ratio, 1.7, 1.7 * lr * far);
    weights.rescale(wanted.x, wanted.y);
  };

  const step = () => {
    if (state.done) return false;
    state = look(state, points.X, points.y, order, lr);
    const i = state.looked;
    if (state.wrong) {
      trail.push([...state.w, state.b]);
      const { x, y } = weights.range;
      const out = ([low, high], v) =>
        Math.abs(2 * v - low - high) > 0.62 * (high - low);
      if (out(x, state.w[0]) || out(y, state.w[1])) zoom();
      if (trail.length > 400) trail.shift();
    }
    const back = recall(state);
    said = state.wrong
      ? `Point ${i} is wrong: update ${state.updates}.`
      : `Point ${i} is right: nothing changes.`;
    if (back) {
      cycle = back;
      said =
        `Back at w = ${vector(state.w)}, b = ${short(state.b)} after ` +
        `${back} update${back > 1 ? "s" : ""}: this will go on for ever.`;
    }
    if (state.done)
      said =
        "A whole epoch without a mistake: the rule stops " +
        `after ${state.updates} update${state.updates === 1 ? "" : "s"}.`;
    return !state.done && !back;
  };
  const rule = stepper({ every: 450, step, show });

  /** The rule goes on from its w and b, with other points. */
  const changed = (sentence) => {
    state = { ...state, place: 0, mistakes: 0, looked: null, done: false };
    recall = memory();
    recall(state);
    cycle = 0;
    said = sentence;
  };
  const fromZero = () => {
    state = begin();
    trail = [[0, 0, 0]];
    zoom();
    changed(`Next: the rule looks at point ${order[0]}.`);
  };

  const onGrid = (v, ends) =>
    Number(clamp(grid * Math.round(v / grid), ...ends).toPrecision(12));
  const points = editor(area, {
    mark: face,
    step: grid,
    least: LEAST,
    inside: ([x1, x2]) => [onGrid(x1, area.range.x), onGrid(x2, area.range.y)],
    press: (i) => {
      points.y[i] = -points.y[i];
      changed(`Point ${i} is now of ${signed(points.y[i])}.`);
      show();
    },
    changed: (what, i) => {
      if (what === "added") order.push(i);
      if (what === "removed")
        order = order.filter((j) => j !== i).map((j) => (j > i ? j - 1 : j));
      const words = {
        moved: "moved. The rule goes on from this line.",
        added: "is new, of class +1.",
        removed: "is gone; those after it moved up.",
      };
      changed(`Point ${i} ${words[what]}`);
      show();
    },
  });
  const restore = () => {
    points.set(data.points, data.classes);
    points.current = points.X.length - 1;
    order = [...data.order];
    fromZero();
  };
  const more = button("Add point", () => {
    // on a small circle around the middle, so that they do not hide each other
    const turn = points.X.length * 2.4;
    const at = ([low, high], way) => (low + high) / 2 + 6 * grid * way;
    const { x, y } = area.range;
    points.add([at(x, Math.cos(turn)), at(y, Math.sin(turn))], 1);
  });
  const less = button("Remove point", () => points.remove(points.current));
  const within = ([x1, x2]) =>
    real(...area.range.x)(x1) && real(...area.range.y)(x2);
  const shared = share(root, {
    state: () => ({
      points: points.X,
      classes: points.y,
      order,
      now: state,
      trail: trail.slice(-60), // enough to be seen
    }),
    restore: (found) => {
      if (!fits(data, found) || !found.points.every(within)) return false;
      rule.stop();
      points.set(found.points, found.classes);
      ({ order, now: state, trail } = found);
      zoom();
      recall = memory();
      recall(state);
      cycle = 0;
      said = `Next: the rule looks at point ${order[state.place]}.`;
      if (state.done) said = "The rule has stopped.";
      show();
      return true;
    },
    cell: (now) => cell(data, now),
  });
  restore();
  body.append(
    columns(
      [
        h("div", {}, "Drag a point. Tap it to change its class."),
        area.svg,
        row(
          rule.step,
          rule.run,
          rule.press("From zero", fromZero),
          more,
          less,
          rule.press("Reset", restore),
          rule.words,
        ),
      ],
      [
        weights.svg,
        figures,
        h(
          "p",
          {},
          "Circle: class +1. Square: −1. Cross: wrong now. Ring: looked at ",
          "last. Keys: arrows move a point, Enter changes its class, Delete ",
          "removes it.",
        ),
      ],
    ),
    shared.element,
  );
  show();
  shared.open();
}
