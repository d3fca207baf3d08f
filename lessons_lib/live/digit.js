// A pad to draw a digit on, and the network that reads it.

import {
  BLUE,
  arrow,
  button,
  clamp,
  columns,
  format,
  h,
  pointer,
  row,
  set,
  unpack,
  unpackBytes,
} from "./core.js";
import { has, share } from "./share.js";
import { status } from "./stepper.js";

const SIZE = 280; // of the pad, in its own pixels
const PEN = 22; // about as thick as MNIST's strokes once the digit is small
const SIDE = 28; // of what the network sees
const BOX = 20; // the longer side of the digit in it

/**
 * Turn a drawing into an image as MNIST's were made: the digit fitted into
 * 20 by 20 pixels, its proportions kept, each pixel the mean of what it
 * covers, as one of 256 greys; then put into 28 by 28 so that its centre of mass is in the middle.
 * In MNIST's files that is the pixel 14 from 0, so the place 14.5.
 * `ink` holds size × size numbers; null if all are 0. Source: LeCun, Bottou,
 * Bengio and Haffner (1998), doi 10.1109/5.726791, section III.
 */
export function prepare(ink, size) {
  const rows = [];
  const cols = [];
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      if (ink[i * size + j] > 0) {
        rows[i] = true;
        cols[j] = true;
      }
  if (!rows.length) return null;
  const ends = (marks) => [marks.indexOf(true), marks.length];
  const [top, bottom] = ends(rows);
  const [left, right] = ends(cols);
  const unit = Math.max(bottom - top, right - left) / BOX;
  const down = shares(top, bottom, unit);
  const across = shares(left, right, unit);
  const small = down.map((some) =>
    across.map((others) => {
      let sum = 0;
      for (const [i, a] of some)
        for (const [j, b] of others) sum += a * b * ink[i * size + j];
      return sum;
    }),
  );
  const heights = small.map((line) => line.reduce((a, b) => a + b));
  const widths = across.map((_, j) => small.reduce((a, r) => a + r[j], 0));
  const y = shift(heights);
  const x = shift(widths);
  const image = new Float32Array(SIDE * SIDE);
  small.forEach((line, i) => {
    image.set(line.map(grey), (i + y) * SIDE + x);
  });
  return image;
}

const grey = (v) => Math.round(255 * v) / 255;

/** For each pixel of the small image, which large ones it takes, how much. */
function shares(low, high, unit) {
  const n = Math.max(1, Math.round((high - low) / unit));
  const wide = (high - low) / n;
  return Array.from({ length: n }, (_, k) => {
    const [from, to] = [low + k * wide, low + (k + 1) * wide];
    const parts = [];
    for (let i = Math.floor(from); i < to - 1e-9; i++) {
      const part = (Math.min(to, i + 1) - Math.max(from, i)) / wide;
      if (part > 0) parts.push([i, part]);
    }
    return parts;
  });
}

/** By how many pixels to move, so that the centre of mass is at 14.5. */
function shift(masses) {
  const total = masses.reduce((a, b) => a + b);
  const centre = masses.reduce((sum, m, i) => sum + m * (i + 0.5), 0) / total;
  const room = SIDE - masses.length;
  return clamp(Math.floor(SIDE / 2 + 1 - centre), 0, room);
}

/** The layers as Python packed them: 8-bit weights, a scale for each row. */
export function unpackLayers(layers) {
  return layers.map(({ weights, scale, bias }) => ({
    weights: new Int8Array(unpackBytes(weights).buffer),
    scale: unpack(scale),
    bias: unpack(bias),
  }));
}

/** The logits of an image: ReLU after each layer but the last. */
export function forward(layers, image) {
  return layers.reduce((x, { weights, scale, bias }, k) => {
    const z = bias.map((b, i) => {
      let sum = 0;
      for (let j = 0, at = i * x.length; j < x.length; j++)
        sum += weights[at + j] * x[j];
      return b + scale[i] * sum;
    });
    return k < layers.length - 1 ? z.map((v) => Math.max(v, 0)) : z;
  }, image);
}

/** Probabilities from logits. */
export function softmax(logits) {
  const highest = Math.max(...logits);
  const powers = Array.from(logits, (z) => Math.exp(z - highest));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((v) => v / total);
}

/** A probability in words: no 100 % and no 0 % where it is not quite so. */
export function percent(p) {
  if (p > 0.999) return "> 99.9 %";
  return p < 0.001 ? "< 0.1 %" : `${format(100 * p, 1)} %`;
}

/** What is said about ten probabilities. */
export function verdict(p) {
  const [first, second] = p.map((_, i) => i).sort((i, j) => p[j] - p[i]);
  return p[first] > 0.9
    ? `It reads ${first}: ${percent(p[first])}.`
    : `Not sure: ${first} (${percent(p[first])}) or ` +
        `${second} (${percent(p[second])}).`;
}

/** Is this a state: an image of 28 by 28 bytes, with some ink on it? */
export const fits = (data, state) =>
  has({ image: (v) => /^[A-Za-z0-9+/]{1046}==$/.test(v) }, state) &&
  unpackBytes(state.image).some((v) => v > 0);

/** An image as a state holds it, and back. */
export const packImage = (image) =>
  btoa(String.fromCharCode(...image.map((v) => Math.round(255 * v))));
export const unpackImage = (text) =>
  Float32Array.from(unpackBytes(text), (v) => v / 255);

/** The state in PyTorch, with all the weights: each has 8 bits. */
export function cell({ layers }, { image }) {
  const letters = (url) => `"${url.slice(url.indexOf(",") + 1)}"`;
  const packed = layers
    .map(({ weights, scale, bias }) =>
      [weights, scale, bias].map((url) => `        ${letters(url)},\n`),
    )
    .map((lines) => `    (\n${lines.join("")}    ),\n`)
    .join("");
  return `import base64

import torch
from torch import nn


def unpack(text, kind):
    numbers = bytearray(base64.b64decode(text))
    return torch.frombuffer(numbers, dtype=kind).double()


# Each layer's weights, a scale for each row of them, and its biases.
packed = [
${packed}]
net = nn.Sequential(nn.Flatten())
for weights, scale, bias in packed:
    scale, bias = unpack(scale, torch.float32), unpack(bias, torch.float32)
    rows = unpack(weights, torch.int8).view(len(bias), -1) * scale[:, None]
    linear = nn.Linear(rows.shape[1], len(rows), dtype=torch.float64)
    linear.weight.data, linear.bias.data = rows, bias
    net.extend([linear, nn.ReLU()])
net = net[:-1]  # no ReLU after the last layer

# What the network sees on the page.
image = "${image}"
image = unpack(image, torch.uint8).view(1, 1, 28, 28) / 255

more = 3  # pixels to the right: the same digit, moved
with torch.no_grad():
    for shift in range(more + 1):
        p = net(image.roll(shift, dims=3)).softmax(dim=1)[0]
        print(f"moved by {shift}: {p.argmax()}, probability {p.max():.3f}")
`;
}

/** Ten rows: digit, bar, probability. */
function bars() {
  const rows = Array.from({ length: 10 }, (_, i) => {
    const bar = h("span", { class: "live-bar" });
    bar.style.background = BLUE;
    const number = h("td", {});
    const element = h(
      "tr",
      {},
      h("th", { scope: "row" }, `${i}`),
      h("td", {}, bar),
      number,
    );
    return { bar, number, element };
  });
  const element = h(
    "table",
    { class: "live-bars" },
    h("caption", {}, "Its probabilities"),
    h(
      "tbody",
      {},
      rows.map((r) => r.element),
    ),
  );
  const show = (p) => {
    rows.forEach(({ bar, number, element: line }, i) => {
      bar.style.width = `${100 * (p ? p[i] : 0)}%`;
      number.textContent = p ? percent(p[i]) : "–";
      line.style.fontWeight = p && p[i] === Math.max(...p) ? 700 : "";
    });
  };
  return { element, show };
}

/** A canvas that shows numbers from 0 to 1 as ink. */
function screen(side) {
  const canvas = h("canvas", { width: side, height: side });
  const context = canvas.getContext("2d");
  return {
    canvas,
    show(values) {
      const pixels = context.createImageData(side, side);
      values.forEach((v, i) => {
        pixels.data[4 * i + 3] = Math.round(255 * v);
      });
      context.putImageData(pixels, 0, 0);
    },
  };
}

export function build(body, data, root) {
  const layers = unpackLayers(data.layers);
  const examples = unpackBytes(data.examples);
  const canvas = h("canvas", {
    width: SIZE,
    height: SIZE,
    tabindex: 0,
    role: "application",
    "aria-label":
      "Drawing pad. Arrow keys move the pen, Space puts it down or lifts it.",
  });
  const pad = canvas.getContext("2d", { willReadFrequently: true });
  const hint = h("span", { class: "live-hint" }, "Draw a digit here");
  const pen = h("span", { class: "live-pen", hidden: true });
  const seen = screen(SIDE);
  set(seen.canvas, { class: "live-seen", role: "img" });
  const table = bars();
  const words = status();
  let waiting = false;
  let given = null; // an image from a link, until the pad is drawn on
  let image = null; // what the network sees
  let shown = 0; // the next example
  let last = null; // where the pointer was
  let key = [SIZE / 2, SIZE / 4]; // where the keys have moved the pen
  let down = false; // do the keys draw?

  const read = () => {
    waiting = false;
    const { data: pixels } = pad.getImageData(0, 0, SIZE, SIZE);
    const ink = new Float32Array(SIZE * SIZE);
    for (let i = 0; i < ink.length; i++) ink[i] = pixels[4 * i + 3] / 255;
    image = given ?? prepare(ink, SIZE);
    const p = image && softmax(forward(layers, image));
    seen.show(image ?? new Float32Array(SIDE * SIDE));
    table.show(p);
    words.say(p ? verdict(p) : "Nothing to read yet.");
    hint.hidden = Boolean(p);
    set(seen.canvas, {
      "aria-label": `What the network sees: ${p ? "the digit, 28 by 28 pixels" : "nothing"}`,
    });
    body.dataset.answer = p ? p.indexOf(Math.max(...p)) : "";
    body.dataset.p = p ? p.join() : "";
    shared.changed();
  };
  /** Once for all that happens before the next picture on the screen. */
  const soon = () => {
    given = null;
    if (!waiting) requestAnimationFrame(read);
    waiting = true;
  };
  const line = (from, to) => {
    Object.assign(pad, { lineWidth: PEN, lineCap: "round", lineJoin: "round" });
    pad.beginPath();
    pad.moveTo(...from);
    pad.lineTo(to[0] + 0.01, to[1]); // a line of no length leaves no dot
    pad.stroke();
    soon();
  };
  const clear = () => {
    pad.clearRect(0, 0, SIZE, SIZE);
    soon();
  };
  /** Put the pad's or another canvas's picture onto the pad. */
  const put = (picture, mirrored) => {
    const copy = h("canvas", { width: SIZE, height: SIZE });
    const context = copy.getContext("2d");
    context.imageSmoothingEnabled = false;
    if (mirrored) context.setTransform(-1, 0, 0, 1, SIZE, 0);
    context.drawImage(picture, 0, 0, SIZE, SIZE);
    clear();
    pad.drawImage(copy, 0, 0);
  };
  const enlarge = (values) => {
    const small = screen(SIDE);
    small.show(values);
    put(small.canvas, false);
  };
  const example = () => {
    const each = SIDE * SIDE;
    const from = shown * each;
    enlarge(Array.from(examples.slice(from, from + each), (v) => v / 255));
    shown = (shown + 1) % (examples.length / each);
  };
  const place = (event) => pointer(event, canvas, SIZE, SIZE);
  const mark = () => {
    pen.hidden = false;
    pen.style.left = `${(100 * key[0]) / SIZE}%`;
    pen.style.top = `${(100 * key[1]) / SIZE}%`;
    pen.classList.toggle("live-down", down);
  };
  set(canvas, {
    onpointerdown: (event) => {
      if (event.button) return;
      canvas.setPointerCapture(event.pointerId);
      pen.hidden = true;
      last = place(event);
      line(last, last);
    },
    onpointermove: (event) => {
      if (!last) return;
      // fast fingers: the places between two pictures on the screen
      const all = event.getCoalescedEvents?.() ?? [];
      for (const one of all.length ? all : [event]) {
        const to = place(one);
        line(last, to);
        last = to;
      }
    },
    onpointerup: () => {
      last = null;
    },
    onpointercancel: () => {
      last = null;
    },
    onkeydown: (event) => {
      const way = arrow(event, 8, 3);
      if (!way && event.key !== " ") return;
      event.preventDefault();
      if (!way) down = !down;
      const inside = (v) => clamp(v, PEN / 2, SIZE - PEN / 2);
      const [right, up] = way ?? [0, 0];
      const to = [inside(key[0] + right), inside(key[1] - up)];
      if (down) line(key, to);
      key = to;
      mark();
    },
    onblur: () => {
      down = false;
      pen.hidden = true;
    },
    onchange: soon, // somebody else has drawn on it
  });
  const shared = share(root, {
    state: () =>
      image?.some((v) => v > 0) ? { image: packImage(image) } : null,
    restore: (found) => {
      if (!fits(data, found)) return false;
      enlarge(unpackImage(found.image));
      given = unpackImage(found.image);
      return true;
    },
    cell: (now) => cell(data, now),
  });
  body.append(
    columns(
      [
        h("div", { class: "live-pad" }, canvas, hint, pen),
        row(
          button("Clear", clear),
          button("Example", example),
          button("Mirror", () => put(canvas, true)),
          words.element,
        ),
      ],
      [
        h(
          "div",
          { class: "live-see" },
          seen.canvas,
          h("span", {}, "What the network sees: 28 by 28 pixels"),
        ),
        table.element,
      ],
    ),
    shared.element,
  );
  read();
  shared.open();
}
