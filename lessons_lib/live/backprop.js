// A network of two ReLU units, one sample: forward, then backward, node by
// node; beside the right gradient, if asked for, that of a wrong rule.

import {
  BLUE,
  GREY,
  RED,
  arrow,
  clamp,
  columns,
  format,
  h,
  line,
  row,
  s,
  set,
  slider,
} from "./core.js";
import { among, has, real, share, whole } from "./share.js";
import { stepper } from "./stepper.js";

export const INPUTS = ["x", "w1", "w2", "v1", "v2", "y"];
const FORWARD = ["z1", "z2", "a1", "a2", "out", "loss"];
const BACKWARD = "loss out v1 v2 a1 a2 z1 z2 w1 w2".split(" ");
export const STEPS = FORWARD.length + BACKWARD.length;

/** All values of the network, from its inputs, weights and target. */
export function forward({ x, w1, w2, v1, v2, y }) {
  const [z1, z2] = [w1 * x, w2 * x];
  const [a1, a2] = [Math.max(z1, 0), Math.max(z2, 0)];
  const out = a1 * v1 + a2 * v2;
  const loss = (out - y) ** 2;
  return { x, w1, w2, v1, v2, y, z1, z2, a1, a2, out, loss };
}

/** What each gradient is multiplied by on its way to this node. */
export function factors(n) {
  return {
    out: 2 * (n.out - n.y),
    v1: n.a1,
    v2: n.a2,
    a1: n.v1,
    a2: n.v2,
    z1: n.z1 > 0 ? 1 : 0,
    z2: n.z2 > 0 ? 1 : 0,
    w1: n.x,
    w2: n.x,
  };
}

/** The gradients by a rule for the ReLU: "mask" is right, "clamp" is not. */
export function backward(n, rule = "mask") {
  const by = factors(n);
  const out = by.out;
  const a = [out * by.a1, out * by.a2];
  const [z1, z2] =
    rule === "mask"
      ? [a[0] * by.z1, a[1] * by.z2]
      : a.map((gradient) => Math.max(gradient, 0));
  return {
    loss: 1,
    out,
    v1: out * by.v1,
    v2: out * by.v2,
    a1: a[0],
    a2: a[1],
    z1,
    z2,
    w1: z1 * by.w1,
    w2: z2 * by.w2,
  };
}

/** The loss after one step of gradient descent on all four weights. */
export function stepped(n, g, lr) {
  const next = { ...n };
  for (const name of ["w1", "w2", "v1", "v2"]) next[name] -= lr * g[name];
  return forward(next).loss;
}

/** What the two rules do with the gradient that reaches a unit. */
export function verdict(unit, n, mask, clamped) {
  const on = n[`z${unit}`] > 0;
  const arrives = number(mask[`a${unit}`]);
  const start = `Unit ${unit} is ${on ? "on" : "off"}, and ${arrives} arrives.`;
  if (mask[`z${unit}`] === clamped[`z${unit}`]) return `${start} Both agree.`;
  return on
    ? `${start} The mask lets it through. The clamp kills it: it is negative.`
    : `${start} The mask stops it. The clamp lets it through: it is positive.`;
}

/** At most two decimals, and no more than needed. */
export function number(v) {
  const text = format(v, 2);
  return text.includes(".") && !text.includes("e")
    ? text.replace(/\.?0+$/, "")
    : text;
}

const DIGITS = { 1: "₁", 2: "₂" };
const named = (name) =>
  ({ out: "ŷ", loss: "L" })[name] ?? name.replace(/\d/, (d) => DIGITS[d]);

/** In a product, a negative number stands in brackets. */
const within = (v) => (v < 0 ? `(${number(v)})` : number(v));

/** Step `i` (from 1) in words. */
export function words(i, n, g) {
  if (i === 0) return "Press Step: forward first, then backward.";
  if (i <= FORWARD.length) {
    const name = FORWARD[i - 1];
    const unit = name.slice(1);
    const [z, w] = [n[`z${unit}`], n[`w${unit}`]];
    const sum = `${number(n.a1)} · ${within(n.v1)} + ${number(n.a2)} · ${within(n.v2)}`;
    const rules = {
      z: () => `x · w${DIGITS[unit]} = ${number(n.x)} · ${within(w)}`,
      a: () => `max(${number(z)}, 0)`,
      o: () => `a₁ · v₁ + a₂ · v₂ = ${sum}`,
      l: () => `(ŷ − y)² = (${number(n.out)} − ${within(n.y)})²`,
    };
    return `Forward: ${named(name)} = ${rules[name[0]]()} = ${number(n[name])}`;
  }
  const name = BACKWARD[i - 1 - FORWARD.length];
  if (name === "loss") return "Backward: L changes just as fast as itself: 1.";
  const by = number(factors(n)[name]);
  const unit = name.slice(1);
  const from = { o: "loss", z: `a${unit}`, w: `z${unit}` }[name[0]] ?? "out";
  const local = {
    o: () => `2 (ŷ − y), which is ${by}`,
    v: () => `a${DIGITS[unit]} = ${by}`,
    a: () => `v${DIGITS[unit]} = ${by}`,
    z: () => `${by}, as the unit is ${by === "1" ? "on" : "off"}`,
    w: () => `x = ${by}`,
  }[name[0]]();
  return `Backward: ∂L/∂${named(name)} = ${number(g[name])}: the ${number(g[from])} of ${named(from)}, times ${local}`;
}

const FORM = {
  inputs: Object.fromEntries(INPUTS.map((name) => [name, real()])),
  chosen: among(INPUTS),
  done: whole(0, STEPS),
};

/** Is this a state: inputs within the limit, one chosen, the steps done? */
export const fits = ({ limit }, state) =>
  has(FORM, state) &&
  INPUTS.every((name) => Math.abs(state.inputs[name]) <= limit);

/** The state in PyTorch. */
export function cell({ compare }, { inputs, done }) {
  const values = INPUTS.map((name) => inputs[name]).join(", ");
  const wrong = compare
    ? `
# The wrong rule: the gradient clamped, not masked.
print("clamped:")
for a, unit in ("a1", "z1"), ("a2", "z2"):
    clamped = gradients[a].clamp(min=0)
    print(f"dL/d{unit:4} {clamped:9g}, dL/dw{unit[1]:3} {clamped * x:9g}")
`
    : "";
  return `import torch

x, w1, w2, v1, v2, y = (
    torch.tensor(value, dtype=torch.float64, requires_grad=True)
    for value in (${values})
)
z1, z2 = x * w1, x * w2
a1, a2 = torch.relu(z1), torch.relu(z2)
out = a1 * v1 + a2 * v2
loss = (out - y) ** 2

forward = {"z1": z1, "z2": z2, "a1": a1, "a2": a2, "out": out, "loss": loss}
backward = {"loss": loss, "out": out, "v1": v1, "v2": v2, "a1": a1, "a2": a2}
backward |= {"z1": z1, "z2": z2, "w1": w1, "w2": w2}
found = torch.autograd.grad(loss, list(backward.values()))
gradients = dict(zip(backward, found, strict=True))

steps = list(forward.items())
steps += [(f"dL/d{name}", value) for name, value in gradients.items()]
done = ${done}  # steps on the page: ${FORWARD.length} forward, then ${BACKWARD.length} backward
more = ${STEPS - done}  # steps from here
shown = steps[: done + more]
for name, value in shown:
    print(f"{name:8} {value:9g}")
${wrong}`;
}

const WIDE = 92;
const STRIP = 24;

export function build(body, data, root) {
  const { values, places, arrows, compare, limit } = data;
  let inputs = { ...values };
  let chosen = "w1";
  let done = compare ? STEPS : 0;
  const parted = (name) => compare && /^[zw]/.test(name);
  const strips = (name) =>
    ["x", "y"].includes(name) ? 1 : parted(name) ? 3 : 2;

  const low = Math.max(...Object.values(places).map(([, top]) => top));
  const svg = s("svg", {
    viewBox: `0 0 360 ${low + 2 * STRIP + 6}`,
    class: "live-plot",
    role: "group",
    "aria-label": "The computational graph",
  });

  const edges = arrows.map(([from, to]) => {
    const [fx, fy] = places[from];
    const [tx, ty] = places[to];
    const level = Math.abs(fy - ty) < STRIP;
    const way = Math.sign(tx - fx);
    const half = (way * WIDE) / 2;
    const [x1, y1] = level
      ? [fx + half, fy + 12]
      : [fx, fy + strips(from) * STRIP];
    const [x2, y2] = level
      ? [tx - half - way * 5, ty + 12]
      : [tx + clamp((fx - tx) * 0.35, -28, 28), ty - 5];
    const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
    const shaft = line({ d: `M${x1} ${y1}L${x2} ${y2}` });
    const head = s("path", {
      d: "M5 0L-4 4L-4 -4Z",
      fill: "currentColor",
      transform: `translate(${x2} ${y2}) rotate(${angle})`,
    });
    // beside the arrow, where there is room: outside, but inside above ŷ
    const side = (fx < 180 ? -1 : 1) * (to === "out" ? -1 : 1);
    const label = s("text", {
      x: (x1 + x2) / 2 + (level ? 0 : side * 9),
      y: level ? y1 - 6 : (y1 + y2) / 2 + (to === "out" ? 0 : 5),
      "text-anchor": level ? "middle" : side > 0 ? "start" : "end",
      "font-weight": 600,
    });
    svg.append(s("g", { "aria-hidden": "true" }, shaft, head, label));
    return { from, to, shaft, label };
  });

  const nodes = {};
  for (const [name, [cx, top]] of Object.entries(places)) {
    const left = cx - WIDE / 2;
    const strip = (i, fill, title) => {
      const y = top + i * STRIP;
      const value = s("text", {
        x: left + WIDE - 7,
        y: y + 17,
        "text-anchor": "end",
        "font-weight": 600,
      });
      const label = s("text", { x: left + 7, y: y + 17 }, title);
      const group = s(
        "g",
        {},
        s("rect", {
          x: left,
          y,
          width: WIDE,
          height: STRIP,
          fill,
          "fill-opacity": 0.22,
        }),
        label,
        value,
      );
      return { group, label, value };
    };
    const gradient = `∂L/∂${named(name)}`;
    const rows = [
      strip(0, BLUE, named(name)),
      strip(1, RED, parted(name) ? "mask" : gradient),
      strip(2, GREY, "clamp"),
    ].slice(0, strips(name));
    const frame = s("rect", {
      x: left,
      y: top,
      width: WIDE,
      height: rows.length * STRIP,
      rx: 5,
      fill: "none",
      stroke: "currentColor",
    });
    const group = s(
      "g",
      {},
      rows.map((r) => r.group),
      frame,
    );
    if (INPUTS.includes(name))
      set(group, {
        role: "slider",
        tabindex: "0",
        style: "cursor: pointer",
        "aria-valuemin": -limit,
        "aria-valuemax": limit,
        onpointerdown: () => choose(name),
        onfocus: () => choose(name),
        onkeydown: (event) => {
          const way = arrow(event, 0.5, 1);
          if (!way) return;
          event.preventDefault();
          change(clamp(inputs[name] + way[0] + way[1], -limit, limit));
        },
      });
    else set(group, { role: "img" });
    nodes[name] = { group, frame, rows };
    svg.append(group);
  }

  const verdicts = h("ul", {});
  const knob = slider({
    label: "",
    min: -limit,
    max: limit,
    step: 0.5,
    value: inputs[chosen],
    words: number,
    input: (v) => change(v),
  });
  const knobName = knob.element.firstChild;

  function choose(name) {
    chosen = name;
    show();
  }
  function change(value) {
    inputs = { ...inputs, [chosen]: value };
    show();
  }
  function go(to) {
    done = clamp(to, 0, STEPS);
    return done < STEPS;
  }

  function show() {
    const n = forward(inputs);
    const mask = backward(n);
    const wrong = backward(n, "clamp");
    const ahead = FORWARD.slice(0, done);
    const passed = BACKWARD.slice(0, Math.max(done - FORWARD.length, 0));
    const now = done > FORWARD.length ? passed.at(-1) : ahead.at(-1);
    for (const [name, { group, frame, rows }] of Object.entries(nodes)) {
      const input = INPUTS.includes(name);
      const known = input || ahead.includes(name);
      const graded = passed.includes(name);
      const differs = graded && parted(name) && mask[name] !== wrong[name];
      rows[0].value.textContent = known ? number(n[name]) : "";
      if (rows[1]) rows[1].value.textContent = graded ? number(mask[name]) : "";
      if (rows[2]) {
        rows[2].label.textContent = differs ? "clamp ✗" : "clamp";
        rows[2].value.textContent = graded ? number(wrong[name]) : "";
        set(rows[2].group.firstChild, {
          stroke: differs && RED,
          "stroke-width": differs && 3,
          "stroke-dasharray": differs && "5 3",
        });
      }
      const marked = name === now || (input && name === chosen);
      set(frame, {
        "stroke-width": marked ? 3 : 1,
        "stroke-dasharray": input && name === chosen && "2 3",
      });
      const parts = [];
      if (!input && known) parts.push(`= ${number(n[name])}`);
      if (graded) parts.push(`gradient ${number(mask[name])}`);
      if (graded && parted(name)) parts.push(`clamped ${number(wrong[name])}`);
      set(group, { "aria-label": [named(name), ...parts].join(", ") });
      if (input)
        set(group, {
          "aria-valuenow": n[name],
          "aria-valuetext": number(n[name]),
        });
    }
    const by = factors(n);
    for (const { from, to, shaft, label } of edges) {
      const used = passed.includes(from) && from in by;
      const unit = from[0] === "z" ? (by[from] ? " (on)" : " (off)") : "";
      label.textContent = used ? `× ${number(by[from])}${unit}` : "";
      const active = done > FORWARD.length ? from === now : to === now;
      set(shaft, { "stroke-width": active ? 3 : 1 });
    }
    knobName.textContent = `Change ${named(chosen)}`;
    set(knob.range, { "aria-label": `Change ${named(chosen)}` });
    knob.value = inputs[chosen];
    play.say(words(done, n, mask));
    play.step.disabled = done === STEPS;
    back.disabled = done === 0;
    if (compare) {
      const after = (g) => number(stepped(n, g, 0.01));
      verdicts.replaceChildren(
        ...[1, 2].map((unit) => h("li", {}, verdict(unit, n, mask, wrong))),
        h(
          "li",
          {},
          `A step with learning rate 0.01 takes the loss from ${number(n.loss)} to ${after(mask)} with the mask, to ${after(wrong)} with the clamp.`,
        ),
      );
    }
    body.dataset.done = done;
    body.dataset.values = JSON.stringify(n);
    body.dataset.gradients = JSON.stringify({ mask, clamp: wrong });
    shared.changed();
  }

  const play = stepper({
    every: 900,
    begin: () => done === STEPS && go(0),
    step: () => go(done + 1),
    show,
  });
  const back = play.press("Back", () => go(done - 1));
  const reset = play.press("Reset", () => {
    inputs = { ...values };
    go(0);
  });
  const shared = share(root, {
    state: () => ({ inputs, chosen, done }),
    restore: (found) => {
      if (!fits(data, found)) return false;
      play.stop();
      ({ inputs, chosen, done } = found);
      show();
      return true;
    },
    cell: (now) => cell(data, now),
  });
  const key = (color, text) =>
    h(
      "span",
      {},
      h("span", {
        class: "live-key",
        style: `background: ${color}38; border-color: ${color}`,
      }),
      text,
    );
  body.append(
    row(play.step, back, play.run, reset, play.words),
    columns(svg, [
      row(knob.element),
      h("p", {}, "Press x, y or a weight in the graph to change another one."),
      row(
        key(BLUE, "value"),
        key(RED, "gradient"),
        ...(compare ? [key(GREY, "wrong rule (✗ where it differs)")] : []),
      ),
      ...(compare ? [verdicts] : []),
    ]),
    shared.element,
  );
  show();
  shared.open();
}
