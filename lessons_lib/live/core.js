// What all live figures share: elements, plots, controls, points to drag,
// seeded random numbers. Colours are those of lessons_lib.plots; lines and
// words take the page's own colour, so that light and dark both read well.

export const BLUE = "#0072B2";
export const RED = "#D55E00";
export const GREEN = "#009E73";
export const PURPLE = "#CC79A7";
export const GREY = "#808080";

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element; a name that starts with "on" is a listener. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Set the attributes of an element. */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === false || value === null) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }
  return element;
}

function fill(element, attributes, children) {
  set(element, attributes);
  element.append(...children.flat());
  return element;
}

/** Random numbers from a seed: `random()` in [0, 1), `random.normal()`. */
export function rng(seed) {
  let state = (Math.imul(seed, 2654435761) ^ 2654435769) >>> 0 || 1;
  // xorshift32: G. Marsaglia, Xorshift RNGs, doi 10.18637/jss.v008.i14
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) random(); // near seeds part
  // Box and Muller; 1 - u, as the logarithm of 0 is infinite
  random.normal = () =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return random;
}

export const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

/** A number for people: a true minus sign, no -0, "1.2e-5" where small. */
export function format(x, digits = 3) {
  if (Number.isNaN(x)) return "not a number";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const small = x !== 0 && Math.abs(x) < 0.5 * 10 ** -digits;
  const large = Math.abs(x) >= 1e6;
  const text = small || large ? x.toExponential(1) : x.toFixed(digits);
  const zero = Number(text) === 0;
  return (zero ? text.replace("-", "") : text).replaceAll("-", "−");
}

/** About `count` round numbers between the ends, both ends allowed. */
export function ticks(low, high, count = 5) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = [1, 2, 5, 10].find((m) => m * power >= rough * 0.999) * power;
  const first = Math.ceil(low / size - 1e-9);
  const last = Math.floor(high / size + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * size).toPrecision(12)),
  );
}

/**
 * An area with axes. `x` and `y` are [low, high] in data units; `X`, `Y` turn
 * data into pixels of the drawing, `data` a mouse or touch event into data.
 * Draw into `layer`, which is cut off at the frame; points that are dragged
 * go into `front`, which is not. `label` is read out by screen readers,
 * `yWords` says what stands at a mark of the y axis (of logarithms, say).
 */
export function plot({
  x,
  y,
  label,
  xLabel = "",
  yLabel = "",
  yWords = null,
  width = 340,
  height = 300,
  axes = true,
}) {
  const [left, right, top, bottom] = axes ? [48, 10, 10, 42] : [4, 4, 4, 4];
  const w = width - left - right;
  const ht = height - top - bottom;
  const range = { x: [...x], y: [...y] };
  const X = (v) => left + ((v - range.x[0]) / (range.x[1] - range.x[0])) * w;
  const Y = (v) =>
    top + ht - ((v - range.y[0]) / (range.y[1] - range.y[0])) * ht;
  const id = `live-clip-${++plot.count}`;
  const layer = s("g", { "clip-path": `url(#${id})` });
  const front = s("g");
  const scale = s("g", { "aria-hidden": "true" });
  const svg = s(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "live-plot", role: "group" },
    s("clipPath", { id }, s("rect", { x: left, y: top, width: w, height: ht })),
    scale,
    layer,
    front,
  );
  svg.setAttribute("aria-label", label);
  const self = { svg, layer, front, X, Y, range, width: w, height: ht };

  const text = (value, attributes) =>
    s("text", { class: "live-tick", ...attributes }, value);
  /** Set new ends of the axes, and draw the scales again. */
  self.rescale = (newX = range.x, newY = range.y) => {
    range.x = [...newX];
    range.y = [...newY];
    scale.replaceChildren();
    if (!axes) return;
    for (const v of ticks(...range.x, 5))
      scale.append(
        s("path", { class: "live-grid", d: `M${X(v)} ${top}V${top + ht}` }),
        text(format(v, decimals(range.x)), {
          x: X(v),
          y: top + ht + 17,
          "text-anchor": "middle",
        }),
      );
    for (const v of ticks(...range.y, 5))
      scale.append(
        s("path", { class: "live-grid", d: `M${left} ${Y(v)}H${left + w}` }),
        text(yWords ? yWords(v) : format(v, decimals(range.y)), {
          x: left - 6,
          y: Y(v) + 4,
          "text-anchor": "end",
        }),
      );
    scale.append(
      text(xLabel, {
        x: left + w / 2,
        y: height - 6,
        "text-anchor": "middle",
      }),
      text(yLabel, {
        transform: `translate(12 ${top + ht / 2}) rotate(-90)`,
        "text-anchor": "middle",
      }),
    );
  };
  /** Where the pointer is, in data units, inside the frame. */
  self.data = (event) => {
    const box = svg.getBoundingClientRect();
    const px = ((event.clientX - box.left) / box.width) * width;
    const py = ((event.clientY - box.top) / box.height) * height;
    const at = (p, origin, size, [low, high]) =>
      clamp(low + ((p - origin) / size) * (high - low), low, high);
    return [at(px, left, w, range.x), at(top + ht - py, 0, ht, range.y)];
  };
  /** The path through points [x, y]; what is not finite breaks it. */
  self.path = (points) =>
    points
      .map(([px, py], i) => {
        if (!Number.isFinite(px) || !Number.isFinite(py)) return "";
        const before = points[i - 1];
        const on = before && before.every(Number.isFinite);
        // far outside is enough: browsers stumble over huge numbers
        const cut = (v) => clamp(v, -1e4, 1e4).toFixed(2);
        return `${on ? "L" : "M"}${cut(X(px))} ${cut(Y(py))}`;
      })
      .join("");
  self.rescale();
  return self;
}
plot.count = 0;

const decimals = ([low, high]) => {
  const [a, b] = ticks(low, high, 5);
  return clamp(-Math.floor(Math.log10(b - a) + 1e-9), 0, 6);
};

/** Colours for each point of the plane, `value(x, y)` giving [r, g, b, a]. */
export function heat(area, value, cells = 48) {
  const canvas = h("canvas", { width: cells, height: cells });
  const image = s("image", {
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  const context = canvas.getContext("2d");
  area.layer.prepend(image);
  /** Compute and draw all cells again. */
  image.redraw = () => {
    const { x, y } = area.range;
    const pixels = context.createImageData(cells, cells);
    for (let i = 0; i < cells; i++)
      for (let j = 0; j < cells; j++) {
        const px = x[0] + ((j + 0.5) / cells) * (x[1] - x[0]);
        const py = y[1] - ((i + 0.5) / cells) * (y[1] - y[0]);
        pixels.data.set(value(px, py), 4 * (i * cells + j));
      }
    context.putImageData(pixels, 0, 0);
    set(image, {
      href: canvas.toDataURL(),
      x: area.X(x[0]),
      y: area.Y(y[1]),
      width: area.width,
      height: area.height,
    });
  };
  return image;
}

/**
 * A point to drag, by mouse, finger or arrow keys (with Shift: ten times as
 * far). `move([x, y])` is called with the new place, `press()` on Enter,
 * Space or a tap that moved nothing. Call `at([x, y], words)` to put it.
 */
export function draggable(
  area,
  shape,
  { move, press = () => {}, step = 0.05 },
) {
  set(shape, { tabindex: "0", role: "button", class: "live-point" });
  let place = [0, 0];
  let moved = false;
  let held = false;
  area.front.append(shape);
  set(shape, {
    onpointerdown: (event) => {
      held = true;
      moved = false;
      shape.setPointerCapture(event.pointerId);
      shape.focus();
      event.preventDefault();
    },
    onpointermove: (event) => {
      if (!held) return;
      const to = area.data(event);
      const far = Math.hypot(
        area.X(to[0]) - area.X(place[0]),
        area.Y(to[1]) - area.Y(place[1]),
      );
      if (!moved && far < 4) return;
      moved = true;
      move(to);
    },
    onpointerup: () => {
      if (held && !moved) press();
      held = false;
    },
    onpointercancel: () => {
      held = false;
    },
    onkeydown: (event) => {
      const way = {
        ArrowLeft: [-1, 0],
        ArrowRight: [1, 0],
        ArrowDown: [0, -1],
        ArrowUp: [0, 1],
      }[event.key];
      if (way) {
        const size = step * (event.shiftKey ? 10 : 1);
        const { x, y } = area.range;
        move([
          clamp(place[0] + way[0] * size, ...x),
          clamp(place[1] + way[1] * size, ...y),
        ]);
      } else if (event.key === "Enter" || event.key === " ") press();
      else return;
      event.preventDefault();
    },
  });
  return {
    shape,
    at(to, words) {
      place = to;
      const d = `translate(${area.X(to[0])} ${area.Y(to[1])})`;
      set(shape, { transform: d, "aria-label": words });
    },
  };
}

export function button(words, press) {
  return h("button", { type: "button", onclick: press }, words);
}

/** A slider with its name before it and its value, in words, after it. */
export function slider({ label, min, max, step = 1, value, words, input }) {
  const say = words ?? ((v) => format(v, step < 1 ? 2 : 0));
  const output = h("output", { "aria-hidden": "true" });
  const range = h("input", { type: "range", min, max, step });
  range.value = value;
  const show = () => {
    output.textContent = say(Number(range.value));
    range.setAttribute("aria-valuetext", output.textContent);
  };
  set(range, {
    oninput: () => {
      show();
      input(Number(range.value));
    },
  });
  show();
  const element = h(
    "label",
    { class: "live-slider" },
    h("span", {}, label),
    range,
    output,
  );
  return {
    element,
    range,
    get value() {
      return Number(range.value);
    },
    set value(v) {
      range.value = v;
      show();
    },
  };
}

/** A choice among a few: `options` is {value: words}. */
export function choice({ label, options, value, input }) {
  const select = h(
    "select",
    { onchange: () => input(select.value) },
    Object.entries(options).map(([key, words]) =>
      h("option", { value: key }, words),
    ),
  );
  select.value = value;
  const element = h(
    "label",
    { class: "live-choice" },
    h("span", {}, label),
    select,
  );
  return { element, select };
}

/** One line that screen readers read out when it changes. */
export function status() {
  return h("output", { class: "live-status", "aria-live": "polite" });
}

const still = () =>
  globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches;

/**
 * A button that runs and pauses. `step()` does one step and says whether
 * there is a next one. Where the reader wants no motion, up to 200 steps are
 * made at once. `every` is in milliseconds.
 */
export function runner({ step, every = 120, run = "Run", pause = "Pause" }) {
  let timer = null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    element.textContent = run;
  };
  const element = button(run, () => {
    if (timer !== null) return stop();
    if (still()) {
      for (let i = 0; i < 200 && step(); i++);
      return undefined;
    }
    element.textContent = pause;
    timer = setInterval(() => {
      if (!element.isConnected || !step()) stop();
    }, every);
    return undefined;
  });
  return { element, stop };
}

export const row = (...children) =>
  h("div", { class: "live-controls" }, ...children);
export const columns = (...children) =>
  h("div", { class: "live-columns" }, ...children);

/** Bring every figure of this name on the page to life, each once. */
export function start(name, build) {
  const found = `figure.live[data-figure="${name}"]:not([data-live])`;
  for (const root of document.querySelectorAll(found)) {
    root.dataset.live = "";
    const data = JSON.parse(
      root.querySelector('script[type="application/json"]').textContent,
    );
    const body = h("div", { class: "live-body" });
    build(body, data, root);
    root.querySelector(".live-still").replaceWith(body);
  }
}

/** The 32-bit floats that Python's `_pack` packed. */
export function unpack(url) {
  return new Float32Array(unpackBytes(url).buffer);
}

/** The bytes of a base64 data address. */
export function unpackBytes(url) {
  const text = atob(url.slice(url.indexOf(",") + 1));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
