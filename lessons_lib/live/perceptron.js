// The perceptron's rule on points to drag, one sample at a time.

import {
  BLUE,
  RED,
  button,
  clamp,
  columns,
  draggable,
  format,
  h,
  plot,
  row,
  runner,
  s,
  set,
  status,
  ticks,
} from "./core.js";

const TINY = 1e-12; // a score nearer to 0 is rounding, so on the line
const MOST = 12; // points

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

const short = (x) => format(x, 2).replace(/\.00$/, "");
const vector = (v) => `(${v.map(short).join(", ")})`;
const signed = (c) => (c > 0 ? "+1" : "−1");

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
  const line = (off, attributes) =>
    s("path", {
      d: area.path([at(-far, off), at(far, off)]),
      fill: "none",
      stroke: "currentColor",
      ...attributes,
    });
  const drawn = [side(half(2 * far), BLUE), side(half(-2 * far), RED)];
  if (margin > TINY)
    for (const off of [-margin, margin])
      drawn.push(line(off, { "stroke-dasharray": "3 4" }));
  drawn.push(line(0, { "stroke-width": 2.5 }));
  // the arrow is as long on the screen whatever the units are, and stands
  // where there is room for it
  const long = (46 * (x[1] - x[0])) / area.width;
  const inside = ([px, py]) => px > x[0] && px < x[1] && py > y[0] && py < y[1];
  const along =
    [0, 0.15, -0.15, 0.3, -0.3, 0.45, -0.45]
      .map((share) => share * (x[1] - x[0]))
      .find((a) => inside(at(a, 0)) && inside(at(a, long))) ?? 0;
  const [foot, tip] = [at(along, 0), at(along, long)].map(([px, py]) => [
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
    const { cx, cy, b } = spot;
    const dot = s("circle", { cx, cy, r: 3, fill: "currentColor" });
    if (near) return [dot];
    const out = gap(spot, middle) || 1; // the words stand outside the way
    const x = cx + (30 * (cx - middle.cx)) / out;
    const y = cy + 5 + (spots.length > 1 ? (18 * (cy - middle.cy)) / out : -18);
    return [
      dot,
      s("text", { x, y, "text-anchor": "middle" }, `b = ${short(b)}`),
    ];
  });
  const path = (points, attributes) =>
    s("path", { d: area.path(points), fill: "none", ...attributes });
  return [
    path(trail, { stroke: "currentColor", "stroke-dasharray": "4 3" }),
    path(
      [
        [0, 0],
        [w1, w2],
      ],
      { stroke: "currentColor", "stroke-width": 2.5 },
    ),
    ...dots.flat(),
    s("circle", { cx: area.X(w1), cy: area.Y(w2), r: 7, fill: BLUE }),
  ];
}

/** A point's look: circle or square, a cross if it is wrong, a ring. */
function marker() {
  const edge = { stroke: "#fff", "stroke-width": 1.5 };
  const circle = s("circle", { r: 9, fill: BLUE, ...edge });
  const square = s("path", { d: "M-8 -8H8V8H-8Z", fill: RED, ...edge });
  const cross = s("path", {
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
  const number = s("text", { x: 14, y: -10, "pointer-events": "none" });
  const reach = s("circle", { r: 13, fill: "transparent" });
  const shape = s("g", {}, reach, circle, square, cross, ring, number);
  const shown = (element, yes) => element.setAttribute("opacity", yes ? 1 : 0);
  return {
    shape,
    draw(i, y, wrong, looked) {
      number.textContent = i;
      shown(circle, y > 0);
      shown(square, y < 0);
      shown(cross, wrong);
      shown(ring, looked);
    },
  };
}

export function build(body, data) {
  const { lr } = data;
  let points, classes, order, state, trail, recall, cycle, chosen, said;
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
  const words = status();
  const numbers = h("p", { class: "live-status" });
  let handles = [];

  const show = () => {
    const margin = marginOf(state, points, classes);
    neuron.replaceChildren(...drawNeuron(area, state, margin));
    weights.layer.replaceChildren(...drawTrail(weights, trail));
    handles.forEach(({ look: face, at }, i) => {
      const wrong = isWrong(state, points[i], classes[i]);
      face.draw(i, classes[i], wrong, state.looked === i);
      const is = `class ${signed(classes[i])}, ${wrong ? "wrong" : "right"}`;
      at(points[i], `Point ${i} at ${vector(points[i])}, ${is}`);
    });
    const room = margin > TINY ? ` Margin: ${format(margin, 2)}.` : "";
    numbers.textContent =
      `w = ${vector(state.w)}, b = ${short(state.b)}. ` +
      `Updates: ${state.updates}. Epochs: ${state.epochs}.${room}`;
    words.textContent = said;
    Object.assign(body.dataset, {
      w: state.w.join(),
      b: state.b,
      updates: state.updates,
      epochs: state.epochs,
      done: state.done,
      cycle,
    });
  };

  const zoom = () => {
    const places = [...trail.map(([w1, w2]) => [w1, w2]), [0, 0]];
    const least = 1.7 * lr * Math.max(...points.flat().map(Math.abs), 1e-6);
    const wanted = frame(places, ratio, 1.7, least);
    weights.rescale(wanted.x, wanted.y);
  };

  const step = () => {
    if (state.done) return false;
    state = look(state, points, classes, order, lr);
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

  const run = runner({
    every: 450,
    step: () => {
      const on = step();
      // while it runs, only its end is read out
      set(words, { "aria-live": on ? "off" : "polite" });
      show();
      return on;
    },
  });

  /** The rule goes on from its w and b, with other points. */
  const changed = (sentence) => {
    state = { ...state, place: 0, mistakes: 0, looked: null, done: false };
    recall = memory();
    recall(state);
    cycle = 0;
    said = sentence;
    show();
  };

  const fromZero = () => {
    run.stop();
    state = begin();
    trail = [[0, 0, 0]];
    zoom();
    changed(`Next: the rule looks at point ${order[0]}.`);
  };

  const place = () => {
    for (const { shape } of handles) shape.remove();
    handles = points.map((_, i) => {
      const face = marker();
      const handle = draggable(area, face.shape, {
        step: grid,
        move: (to) => {
          const snap = (v, [low, high]) => {
            const near = grid * Math.round(v / grid);
            return Number(clamp(near, low, high).toPrecision(12));
          };
          const { x, y } = area.range;
          points[i] = [snap(to[0], x), snap(to[1], y)];
          changed(`Point ${i} moved. The rule goes on from this line.`);
        },
        press: () => {
          classes[i] = -classes[i];
          changed(`Point ${i} is now of class ${signed(classes[i])}.`);
        },
      });
      face.shape.addEventListener("focus", () => {
        chosen = i;
      });
      return { ...handle, look: face };
    });
    set(more, { disabled: points.length >= MOST });
    set(less, { disabled: points.length <= 2 });
  };

  const restore = () => {
    points = data.points.map((point) => [...point]);
    classes = [...data.classes];
    order = [...data.order];
    chosen = null;
    place();
    fromZero();
  };

  const add = () => {
    // on a small circle around the middle, so that they do not hide each other
    const turn = points.length * 2.4;
    const { x, y } = area.range;
    const at = (ends, way) =>
      grid * Math.round(((ends[0] + ends[1]) / 2 + 6 * grid * way) / grid);
    points.push([at(x, Math.cos(turn)), at(y, Math.sin(turn))]);
    classes.push(1);
    order.push(points.length - 1);
    place();
    changed(`Point ${points.length - 1} is new, of class +1.`);
  };

  const remove = () => {
    const i = chosen ?? points.length - 1;
    points.splice(i, 1);
    classes.splice(i, 1);
    order = order.filter((j) => j !== i).map((j) => (j > i ? j - 1 : j));
    chosen = null;
    place();
    changed(`Point ${i} is gone; those after it moved up.`);
  };

  const press = () => {
    run.stop();
    set(words, { "aria-live": "polite" });
    step();
    show();
  };
  const more = button("Add point", add);
  const less = button("Remove point", remove);
  restore();
  body.append(
    columns(
      h(
        "div",
        {},
        h("div", {}, "Drag a point. Tap it to change its class."),
        area.svg,
        row(
          button("Step", press),
          run.element,
          button("From zero", fromZero),
          more,
          less,
          button("Reset", restore),
        ),
        words,
      ),
      h(
        "div",
        {},
        weights.svg,
        numbers,
        h(
          "p",
          {},
          "Circle: class +1. Square: −1. Cross: wrong now. Ring: looked at ",
          "last. Keys: arrows move a point, Enter changes its class.",
        ),
      ),
    ),
  );
}
