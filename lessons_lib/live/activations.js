// Activation functions, their slopes, and what a stack of them leaves over.

import {
  BLUE,
  RED,
  choice,
  format,
  h,
  line,
  row,
  s,
  set,
  slider,
} from "./core.js";
import { sigmoid, softplus } from "./maths.js";
import { plot } from "./plot.js";
import { among, has, real, share, whole } from "./share.js";

const ROOT = Math.sqrt(2 * Math.PI);

const bell = (z) => Math.exp((-z * z) / 2) / ROOT;

/**
 * The probability that a standard normal number is below z: 1/2 plus the
 * bell times z + z³/3 + z⁵/(3·5) + …, whose terms all have one sign. Source:
 * Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.11.
 */
export function below(z) {
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 + bell(z) * sum;
}

/** Each function's value and slope; ReLU's slope at 0 is 0, as PyTorch's. */
export const FUNCTIONS = {
  sigmoid: { f: sigmoid, slope: (z) => sigmoid(z) * sigmoid(-z) },
  tanh: { f: Math.tanh, slope: (z) => 1 / Math.cosh(z) ** 2 },
  ReLU: { f: (z) => Math.max(0, z), slope: (z) => (z > 0 ? 1 : 0) },
  LeakyReLU: {
    f: (z) => (z > 0 ? z : 0.1 * z),
    slope: (z) => (z > 0 ? 1 : 0.1),
  },
  GELU: { f: (z) => z * below(z), slope: (z) => below(z) + z * bell(z) },
  softplus: { f: softplus, slope: sigmoid },
};

/** What is left of a gradient of 1 after 1, 2, … n layers of this slope. */
export const stack = (slope, n) =>
  Array.from({ length: n }, (_, k) => Math.abs(slope) ** (k + 1));

const SHOWN = ["sigmoid", "tanh", "ReLU"]; // always; one more to choose
const MOST = 20; // layers
const LIMIT = 6; // of the input
const FLOOR = -13; // the power of ten where bars begin
const TOP = 1.5;
const GRID =
  "display: grid; gap: 0 .75rem; " +
  "grid-template-columns: repeat(auto-fill, minmax(9.4rem, 1fr))";
const TITLE =
  "display: flex; align-items: center; min-height: 2.75rem; font-weight: 600";
const ZS = Array.from({ length: 241 }, (_, i) => (i - 120) / 20);

const IN_PYTORCH = {
  sigmoid: "torch.sigmoid",
  tanh: "torch.tanh",
  ReLU: "torch.relu",
  LeakyReLU: "nn.LeakyReLU(0.1)",
  GELU: "nn.GELU()",
  softplus: "nn.Softplus()",
};
const FORM = {
  z: real(-LIMIT, LIMIT),
  layers: whole(1, MOST),
  fourth: among(Object.keys(FUNCTIONS).filter((n) => !SHOWN.includes(n))),
};

/** Is this a state: the input, the layers, the fourth function? */
export const fits = (data, state) => has(FORM, state);

/** The state in PyTorch. */
export function cell(data, { z, layers, fourth }) {
  const functions = [...SHOWN, fourth]
    .map((name) => `    "${name}": ${IN_PYTORCH[name]},\n`)
    .join("");
  return `import torch
from torch import nn

functions = {
${functions}}
z = torch.tensor(${z}, dtype=torch.float64, requires_grad=True)
layers = ${layers}
more = 0  # layers on top of these

found = {}
for name, function in functions.items():
    value = function(z)
    (slope,) = torch.autograd.grad(value, z)
    left = slope.abs() ** (layers + more)  # of a gradient of 1
    found[name] = [value.item(), slope.item(), left.item()]
    print(f"{name:10} value {value:7.3f}, slope {slope:6.3f}, left {left:.3g}")
`;
}

/** One function: curve, slope and tangent above, what is left below. */
function panel(name) {
  const bounded = name === "sigmoid" || name === "tanh";
  const size = { width: 180, height: 168 };
  const upper = plot({
    ...size,
    x: [-6.6, 6.6],
    y: bounded ? [-1.3, 1.3] : [-1.3, 6.3],
    label: `${name}, its slope, and its tangent at z`,
    xLabel: "z",
  });
  const lower = plot({
    ...size,
    x: [0, MOST + 1],
    y: [FLOOR, TOP],
    label: `${name}: the gradient left after each layer, as a power of ten`,
    xLabel: "layers",
    yWords: (power) => (power === 0 ? "1" : `1e${format(power, 0)}`),
  });
  const { f, slope } = FUNCTIONS[name];
  const tangent = line({ "stroke-width": 1.5 });
  const dots = [
    s("circle", { r: 5.5, fill: BLUE }),
    s("path", { d: "M-5 -5H5V5H-5Z", fill: RED }),
  ];
  const curve = (values, attributes) =>
    line({
      d: upper.path(ZS.map((z) => [z, values(z)])),
      "stroke-width": 2.2,
      ...attributes,
    });
  upper.layer.append(
    curve(f, { stroke: BLUE }),
    curve(slope, { stroke: RED, "stroke-dasharray": "6 3" }),
    tangent,
  );
  upper.front.append(...dots);
  const bars = s("path", { fill: RED });
  lower.layer.append(
    bars,
    line({
      d: `M${lower.X(0)} ${lower.Y(0)}H${lower.X(MOST + 1)}`,
      "stroke-dasharray": "3 3",
    }),
  );
  const value = h("div");
  const left = h("div");
  const element = h("div", {}, value, upper.svg, left, lower.svg);
  return {
    element,
    show(z, layers) {
      const [y, m] = [f(z), slope(z)];
      const reach = bounded ? 1.5 : 2.5; // of the tangent, to either side
      const ends = [-reach, reach].map((d) => [z + d, y + m * d]);
      set(tangent, { d: upper.path(ends) });
      dots.forEach((dot, i) => upper.put(dot, [z, i ? m : y]));
      value.replaceChildren(
        `value ${format(y)}`,
        h("br"),
        `slope ${format(m)}`,
      );
      const rest = stack(m, layers);
      const end = rest.at(-1);
      left.textContent = `left: ${end === 0 ? "0" : format(end)}`;
      const foot = lower.Y(FLOOR);
      const bar = (part, k) => {
        const height = lower.Y(Math.max(Math.log10(part), FLOOR));
        const [from, to] = [lower.X(k + 0.65), lower.X(k + 1.35)];
        return `M${from} ${foot}V${height}H${to}V${foot}Z`;
      };
      set(bars, { d: rest.map(bar).join("") });
      return { value: y, slope: m, left: end };
    },
  };
}

export function build(body, data, root) {
  const others = Object.keys(FUNCTIONS).filter((n) => !SHOWN.includes(n));
  const panels = Object.fromEntries(
    Object.keys(FUNCTIONS).map((name) => [name, panel(name)]),
  );
  let { z, layers } = data;
  let fourth = others[0];
  const part = (title, ...children) =>
    h("div", {}, h("div", { style: TITLE }, title), ...children);
  const last = h("div");
  const show = () => {
    last.replaceChildren(panels[fourth].element);
    const numbers = [...SHOWN, fourth].map((name) => [
      name,
      panels[name].show(z, layers),
    ]);
    body.dataset.numbers = JSON.stringify(Object.fromEntries(numbers));
    shared.changed();
  };
  const input = slider({
    label: "Input z",
    min: -LIMIT,
    max: LIMIT,
    step: 0.1,
    value: z,
    words: (v) => format(v, 1),
    input: (v) => {
      z = v;
      show();
    },
  });
  const depth = slider({
    label: "Layers",
    min: 1,
    max: MOST,
    value: layers,
    input: (v) => {
      layers = v;
      show();
    },
  });
  const which = choice({
    label: "",
    options: others,
    value: fourth,
    input: (name) => {
      fourth = name;
      show();
    },
  });
  set(which.select, { "aria-label": "Fourth function" });
  const shared = share(root, {
    state: () => ({ z, layers, fourth }),
    restore: (found) => {
      if (!fits(data, found)) return false;
      ({ z, layers, fourth } = found);
      input.value = z;
      depth.value = layers;
      which.select.value = fourth;
      show();
      return true;
    },
    cell: (now) => cell(data, now),
  });
  body.append(
    row(input.element, depth.element),
    h(
      "div",
      { style: GRID },
      ...SHOWN.map((name) => part(name, panels[name].element)),
      part(which.select, last),
    ),
    h(
      "p",
      {},
      "Line and circle: the value. Dashes and square: the slope. Thin ",
      "line: the tangent. Bars: what is left of a gradient of 1 after each ",
      "layer, if every layer has this slope.",
    ),
    shared.element,
  );
  show();
  shared.open();
}
