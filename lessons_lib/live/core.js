// What all live figures share: colours, elements, numbers in words, keys and
// pointers, controls. Lines and words take the page's own colour, so that
// light and dark both read well.

/** Okabe and Ito's colours, a grey and an ink: those of lessons_lib.palette. */
export const PALETTE = {
  BLUE: "#0072B2",
  RED: "#D55E00",
  GREEN: "#009E73",
  PURPLE: "#CC79A7",
  ORANGE: "#E69F00",
  SKY: "#56B4E9",
  GREY: "#6B7280",
  INK: "#1F2937",
};
export const { BLUE, RED, GREY } = PALETTE;

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element; a name that starts with "on" is a listener. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** A line to draw, in the page's colour if no other is said. */
export const line = (attributes = {}) =>
  s("path", { fill: "none", stroke: "currentColor", ...attributes });

/** Set the attributes of an element. */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === false || value === null) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }
  return element;
}

/** Show an element of a drawing, or hide it. */
export const shown = (element, yes) =>
  set(element, { display: yes ? null : "none" });

function fill(element, attributes, children) {
  set(element, attributes);
  element.append(...children.flat());
  return element;
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

/**
 * Where an arrow key points, `size` far (with Shift: `more` times as far), as
 * [x, y] with y upwards; null for any other key.
 */
export function arrow({ key, shiftKey }, size, more = 10) {
  const far = size * (shiftKey ? more : 1);
  const ways = {
    Left: [-far, 0],
    Right: [far, 0],
    Down: [0, -far],
    Up: [0, far],
  };
  return ways[key.replace("Arrow", "")] ?? null;
}

/** Where the pointer is in an element that counts `width` by `height`. */
export function pointer(event, element, width, height) {
  const box = element.getBoundingClientRect();
  return [
    ((event.clientX - box.left) / box.width) * width,
    ((event.clientY - box.top) / box.height) * height,
  ];
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
  const name = h("span", {}, label);
  const element = h("label", { class: "live-slider" }, name, range, output);
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

/** A choice among a few: `options` is {value: words}, or a list of both. */
export function choice({ label, options, value, input }) {
  const select = h(
    "select",
    { onchange: () => input(select.value) },
    Object.entries(options).map(([key, words]) =>
      h("option", { value: Array.isArray(options) ? words : key }, words),
    ),
  );
  select.value = value;
  const name = h("span", {}, label);
  return {
    element: h("label", { class: "live-choice" }, name, select),
    select,
  };
}

export const row = (...children) =>
  h("div", { class: "live-controls" }, ...children);

/** Side by side where there is room; what is in a list stands together. */
export const columns = (...parts) =>
  h(
    "div",
    { class: "live-columns" },
    parts.map((part) => (Array.isArray(part) ? h("div", {}, part) : part)),
  );

/** Bring every figure of this name on the page to life, each once. */
export function start(name, build) {
  const found = `figure.live[data-figure="${name}"]:not([data-live])`;
  for (const root of document.querySelectorAll(found)) {
    root.dataset.live = "";
    for (const [color, value] of Object.entries(PALETTE))
      root.style.setProperty(`--live-${color.toLowerCase()}`, value);
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
