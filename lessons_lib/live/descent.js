// A walk downhill on the loss of a linear model with two weights: choose the
// rule, its learning rate and the start.

import {
  BLUE,
  RED,
  choice,
  clamp,
  columns,
  format,
  h,
  line,
  row,
  set,
  shown,
  slider,
  unpack,
} from "./core.js";
import { adam, begun, rng, sgd } from "./maths.js";
import { heat, plot, rgb } from "./plot.js";
import { draggable, marker } from "./points.js";
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

/** The update rules, with the settings of lesson 05. */
export const RULES = {
  "gradient descent": sgd,
  SGD: sgd,
  momentum() {
    const v = [0, 0];
    return (w, g, lr) =>
      g.forEach((gi, i) => {
        v[i] = 0.9 * v[i] + gi;
        w[i] -= lr * v[i];
      });
  },
  Adagrad() {
    const sum = [0, 0];
    return (w, g, lr) =>
      g.forEach((gi, i) => {
        sum[i] += gi ** 2;
        w[i] -= (lr * gi) / (Math.sqrt(sum[i]) + 1e-10);
      });
  },
  Adam: adam,
  AdamW() {
    const move = adam();
    return (w, g, lr) => {
      w.forEach((wi, i) => {
        w[i] = wi * (1 - lr * 0.3);
      });
      move(w, g, lr);
    };
  },
};

const IN_PYTORCH = {
  "gradient descent": "SGD([w], lr=lr)",
  SGD: "SGD([w], lr=lr)",
  momentum: "SGD([w], lr=lr, momentum=0.9)",
  Adagrad: "Adagrad([w], lr=lr)",
  Adam: "Adam([w], lr=lr)",
  AdamW: "AdamW([w], lr=lr, weight_decay=0.3)",
};

const BATCH = 8;
const MOST = 300; // steps
const SEED = 1; // of the batches
const TOO_HIGH = 1e6;
const ENDS = [-4, 5]; // of the map, both ways

/** The mean squared error of w on samples [x1, x2, y], and what is known of it. */
export function surface(samples) {
  const n = samples.length;
  const mean = (f) => samples.reduce((sum, row_) => sum + f(row_), 0) / n;
  const [a, b, d] = [
    mean(([p]) => p * p),
    mean(([p, q]) => p * q),
    mean(([, q]) => q * q),
  ];
  const [e, f] = [mean(([p, , y]) => p * y), mean(([, q, y]) => q * y)];
  const square = mean(([, , y]) => y * y);
  const loss = ([u, v]) =>
    a * u * u + 2 * b * u * v + d * v * v - 2 * (e * u + f * v) + square;
  const determinant = a * d - b * b;
  const best = [(d * e - b * f) / determinant, (a * f - b * e) / determinant];
  // the larger eigenvalue of 2 (a b; b d)
  const steepest = a + d + Math.hypot(a - d, 2 * b);
  return { samples, loss, best, lowest: loss(best), limit: 2 / steepest };
}

/** The gradient of the mean squared error on these samples. */
export function gradient([u, v], samples) {
  const g = [0, 0];
  for (const [p, q, y] of samples) {
    const twice = (2 * (u * p + v * q - y)) / samples.length;
    g[0] += twice * p;
    g[1] += twice * q;
  }
  return g;
}

/** The same samples with their features turned by 45 degrees. */
export function turned(samples) {
  const r = Math.SQRT1_2;
  return samples.map(([p, q, y]) => [r * (p - q), r * (p + q), y]);
}

/** Where a start goes if the map is turned (or turned back), within its ends. */
export function turnedStart([u, v], back = false) {
  const r = back ? -Math.SQRT1_2 : Math.SQRT1_2;
  return [Math.SQRT1_2 * u - r * v, r * u + Math.SQRT1_2 * v].map((c) =>
    clamp(c, ...ENDS),
  );
}

/** Walk `steps` steps; stops early where the loss passes a million. */
export function walk(ground, rule, lr, start, steps) {
  const path = [start];
  const losses = [ground.loss(start)];
  const move = RULES[rule]();
  const random = rng(SEED);
  const w = [...start];
  for (let t = 1; t <= steps; t++) {
    const some =
      rule === "SGD"
        ? Array.from(
            { length: BATCH },
            () => ground.samples[Math.floor(random() * ground.samples.length)],
          )
        : ground.samples;
    move(w, gradient(w, some), lr);
    path.push([...w]);
    losses.push(ground.loss(w));
    if (!(losses[t] < TOO_HIGH)) break;
  }
  return { path, losses };
}

const TAIL = 10;

/** What a walk does at its end, decided from its last ten steps. */
export function verdict({ path, losses }, lowest) {
  const n = path.length - 1;
  const above = losses.map((loss) => loss - lowest);
  if (!(losses[n] < TOO_HIGH)) return "diverged";
  if (n === 0) return "start";
  if (losses[n] > losses[0]) return "rises";
  const tail = Math.min(TAIL, n);
  const moves = [];
  for (let i = n - tail + 1; i <= n; i++)
    moves.push([path[i][0] - path[i - 1][0], path[i][1] - path[i - 1][1]]);
  const longest = Math.max(...moves.map(([p, q]) => Math.hypot(p, q)));
  if (above.slice(-tail).every((v) => v < 0.01)) return "arrived";
  if (longest < 1e-3) return "stuck";
  const turns = moves
    .slice(1)
    .filter(([p, q], i) => p * moves[i][0] + q * moves[i][1] < 0).length;
  if (tail > 3 && turns >= (tail - 1) * 0.6) return "jumps";
  if (tail === TAIL && above[n] > 0.8 * above[n - tail]) return "crawls";
  return "falls";
}

const WORDS = {
  arrived: "It is within 0.01 of the lowest.",
  stuck: "It hardly moves any more, above the lowest.",
  jumps: "It jumps to and fro.",
  crawls: "It crawls.",
  falls: "It is on its way.",
  rises: "Higher than at the start!",
};

/** The state of a walk in a sentence. */
export function words(trail, lowest) {
  const n = trail.path.length - 1;
  const what = verdict(trail, lowest);
  const loss = format(trail.losses[n], 3);
  if (what === "start") return `At the start: loss ${loss}. Press Run or Step.`;
  const count = `${n} step${n === 1 ? "" : "s"}`;
  if (what === "diverged")
    return `Diverged: after ${count} the loss passed 1e6.`;
  return `After ${count}: loss ${loss}. ${WORDS[what]}`;
}

/**
 * The lines at height `level` of a grid of values, `grid[j][i]` at (xs[i],
 * ys[j]), as pieces [[x, y], [x, y]]: marching triangles, as a triangle has
 * no ambiguous case.
 */
export function contour(grid, xs, ys, level) {
  const pieces = [];
  const at = (p, q) => {
    const t = (level - p[2]) / (q[2] - p[2]);
    return [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])];
  };
  for (let j = 0; j + 1 < ys.length; j++)
    for (let i = 0; i + 1 < xs.length; i++) {
      const point = (di, dj) => [xs[i + di], ys[j + dj], grid[j + dj][i + di]];
      for (const middle of [point(1, 0), point(0, 1)]) {
        const corners = [point(0, 0), middle, point(1, 1)];
        const cuts = corners.flatMap((p, k) => {
          const q = corners[(k + 1) % 3];
          return p[2] < level !== q[2] < level ? [at(p, q)] : [];
        });
        if (cuts.length === 2) pieces.push(cuts);
      }
    }
  return pieces;
}

/** The mark of the loss axis at a logarithm: short, to fit beside it. */
const power = (v) =>
  ({ "-4": "10⁻⁴", "-2": "10⁻²", 0: "1", 2: "100", 4: "10⁴", 6: "10⁶" })[v] ??
  "";

/** The samples that Python packed, as rows [x1, x2, y]. */
export function unpackRows(samples) {
  const values = unpack(samples);
  return Array.from({ length: values.length / 3 }, (_, i) =>
    Array.from(values.slice(3 * i, 3 * i + 3)),
  );
}

/** The surface of a valley: "along" a weight, or "turned". */
export function valley(samples, name) {
  const rows = unpackRows(samples);
  return surface(name === "turned" ? turned(rows) : rows);
}

const RATES = [-3, 0.5]; // powers of ten
const spot = list(2, 2, real(...ENDS));
const FORM = {
  valley: among(["along", "turned"]),
  rule: among(Object.keys(RULES)),
  rate: real(...RATES),
  from: spot,
  done: whole(0, MOST),
  best: list(2, 2, real()),
};

/** Is this a state, and of a walk on these samples? */
export function fits({ samples, rules }, state) {
  if (!has(FORM, state) || !(state.rule in rules)) return false;
  const { best } = valley(samples, state.valley);
  return best.every((v, i) => Math.abs(v - state.best[i]) < 1e-3);
}

/** A number of 32 bits in as few digits as say which. */
const brief = (v) =>
  [6, 7, 8, 9]
    .map((digits) => Number(v.toPrecision(digits)))
    .find((short) => Math.fround(short) === v);

/** The state in PyTorch. */
export function cell({ samples }, state) {
  const rows = unpackRows(samples).map((values) => values.map(brief));
  const turn =
    state.valley === "turned"
      ? `r = 0.5**0.5  # the features are turned by 45 degrees
X = X @ torch.tensor([[r, r], [-r, r]], dtype=exact)
`
      : "";
  const random = state.rule === "SGD";
  const numbers = random
    ? `

def page_random(state):
    """The page's random numbers, from G. Marsaglia's xorshift."""
    while True:
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        yield state / 2**32


random = page_random(${begun(SEED)})
for _ in range(8):  # the page leaves out the first ones
    next(random)
`
    : "";
  const loss = random
    ? `    rows = [int(next(random) * len(y)) for _ in range(${BATCH})]
    loss = ((X[rows] @ w - y[rows]) ** 2).mean()
`
    : `    loss = ((X @ w - y) ** 2).mean()
`;
  return `import torch

exact = torch.float64
${python("samples", rows)}
samples = torch.tensor(samples, dtype=torch.float32).to(exact)
X, y = samples[:, :2], samples[:, 2]
${turn}
lr = 10 ** ${state.rate}
${tensor("w", state.from)}
w.requires_grad_()
optimizer = torch.optim.${IN_PYTORCH[state.rule]}
${numbers}
steps = ${state.done}  # on the page
more = 20  # steps from there
for _ in range(steps + more):
    if ((X @ w - y) ** 2).mean() >= ${TOO_HIGH}:
        break  # it diverged
${loss}    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
loss = ((X @ w - y) ** 2).mean()
print(f"w = {w.tolist()}, loss {loss:.4g}")
`;
}

const LEVELS = [0.03, 0.2, 1, 3, 6, 10, 15];

export function build(body, data, root) {
  const { samples, start, rules, steps } = data;
  const names = Object.keys(rules);
  let which = "along";
  let ground = valley(samples, which);
  let rule = names[0];
  let from = [...start];
  let done = steps;
  let walked, what;

  const map = plot({
    x: ENDS,
    y: ENDS,
    label: "Map of the loss",
    xLabel: "w₁",
    yLabel: "w₂",
    height: 334,
  });
  const blue = rgb(BLUE);
  const shade = heat(
    map,
    (u, v) => {
      const above = ground.loss([u, v]) - ground.lowest;
      const band = LEVELS.filter((level) => above > level).length;
      return [...blue, 12 * band];
    },
    141,
  );
  const lines = line({ "stroke-opacity": 0.5 });
  const trail = line({ stroke: RED, "stroke-width": 1.5 });
  const dots = line({
    stroke: RED,
    "stroke-width": 5,
    "stroke-linecap": "round",
  });
  const star = line({
    d: "M-6 0H6M0 -6V6M-4 -4L4 4M-4 4L4 -4",
    "stroke-width": 2,
  });
  const end = marker(7, 0);
  end.draw(-1);
  map.layer.append(lines, star, trail, dots, end.shape);
  const handle = draggable(map, marker(9, 20).shape, {
    step: 0.1,
    move: (to) => {
      from = to;
      show();
    },
  });

  const chart = plot({
    x: [0, steps],
    y: [-4, 2],
    label: "The loss, step by step",
    xLabel: "step",
    yLabel: "loss − lowest",
    yWords: power,
    height: 334,
  });
  const curve = line({ stroke: RED, "stroke-width": 2 });
  chart.layer.append(curve);

  const drawGround = () => {
    shade.redraw();
    const axis = Array.from({ length: 73 }, (_, i) => ENDS[0] + i / 8);
    const grid = axis.map((v) => axis.map((u) => ground.loss([u, v])));
    set(lines, {
      d: LEVELS.flatMap((level) =>
        contour(grid, axis, axis, ground.lowest + level),
      )
        .map(map.path)
        .join(""),
    });
    map.put(star, ground.best);
  };

  /** Walk; is there a step left to take? */
  const look = () => {
    walked = walk(ground, rule, 10 ** rate.value, from, done);
    what = verdict(walked, ground.lowest);
    return done < MOST && !["diverged", "arrived", "stuck"].includes(what);
  };
  const show = () => {
    look();
    const { path, losses } = walked;
    set(trail, { d: map.path(path) });
    // a line of no length with round ends is a dot
    set(dots, { d: path.map((p) => map.path([p, p])).join("") });
    const last = path.at(-1);
    const there = last.every((c) => c > -1e4 && c < 1e4);
    if (there) map.put(end.shape, last);
    shown(end.shape, there && done);
    const place = from.map((c) => format(c, 1)).join(", ");
    handle.at(from, `The start, at ${place}. Arrow keys move it.`);
    const heights = losses.map((loss, i) => [
      i,
      Math.log10(clamp(loss - ground.lowest, 1e-9, 1e9)),
    ]);
    const top = Math.max(...heights.map(([, height]) => height));
    chart.rescale([0, Math.max(40, done)], [-4, top > 2 ? 6 : 2]);
    set(curve, { d: chart.path(heights) });
    const limit =
      rule === "gradient descent"
        ? ` The limit 2/c is ${format(ground.limit, 2)}.`
        : "";
    play.say(words(walked, ground.lowest) + limit);
    set(body, {
      "data-steps": path.length - 1,
      "data-loss": losses.at(-1),
      "data-verdict": what,
    });
    shared.changed();
  };

  const rate = slider({
    label: "learning rate",
    min: RATES[0],
    max: RATES[1],
    step: 0.05,
    value: Math.log10(rules[rule]),
    words: (v) => format(10 ** v, v < -1 ? 3 : 2),
    input: show,
  });
  const play = stepper({
    every: 60,
    begin: () => {
      if (!look()) done = 0; // from the end: once more
    },
    step: () => {
      done = Math.min(done + 1, MOST);
      return look();
    },
    show,
  });
  const reset = play.press("Reset", () => {
    done = 0;
  });
  const pick = choice({
    label: "rule",
    options: names,
    value: rule,
    input: (name) => {
      rule = name;
      rate.value = Math.log10(rules[name]);
      show();
    },
  });
  const lie = choice({
    label: "valley",
    options: { along: "along a weight", turned: "across the weights" },
    value: "along",
    input: (name) => {
      which = name;
      ground = valley(samples, which);
      from = turnedStart(from, name === "along");
      drawGround();
      show();
    },
  });
  const shared = share(root, {
    state: () => ({
      valley: which,
      rule,
      rate: rate.value,
      from,
      done,
      best: ground.best.map((v) => Number(v.toFixed(4))),
    }),
    restore: (found) => {
      if (!fits(data, found)) return false;
      play.stop();
      ({ valley: which, rule, from, done } = found);
      ground = valley(samples, which);
      rate.value = found.rate;
      pick.select.value = rule;
      lie.select.value = which;
      drawGround();
      show();
      return true;
    },
    cell: (now) => cell(data, now),
  });
  body.append(
    ...(names.length > 1 ? [row(pick.element, lie.element)] : []),
    row(rate.element),
    row(play.step, play.run, reset, play.words),
    columns(map.svg, chart.svg),
    row(
      ...["● start: drag it", "■ now", "✳ lowest loss"].map((text) =>
        h("span", {}, text),
      ),
    ),
    shared.element,
  );
  drawGround();
  show();
  shared.open();
}
