// A plane with axes, and colours on it.

import { clamp, format, h, pointer, s, set } from "./core.js";

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
  // a drawing in the drawing: it cuts off at its frame
  const layer = s("svg", {
    x: left,
    y: top,
    width: w,
    height: ht,
    viewBox: `${left} ${top} ${w} ${ht}`,
  });
  const front = s("g");
  const scale = s("g", { "aria-hidden": "true" });
  const svg = s(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      class: "live-plot",
      role: "group",
      "aria-label": label,
    },
    scale,
    layer,
    front,
  );
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
    const [px, py] = pointer(event, svg, width, height);
    const at = (p, origin, size, [low, high]) =>
      clamp(low + ((p - origin) / size) * (high - low), low, high);
    return [at(px, left, w, range.x), at(top + ht - py, 0, ht, range.y)];
  };
  /** Put an element, drawn around 0, to a place in data units. */
  self.put = (element, [px, py], more = {}) =>
    set(element, { transform: `translate(${X(px)} ${Y(py)})`, ...more });
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
const decimals = ([low, high]) => {
  const [a, b] = ticks(low, high, 5);
  return clamp(-Math.floor(Math.log10(b - a) + 1e-9), 0, 6);
};

/** Red, green and blue of a colour, as heat() takes them. */
export const rgb = (color) =>
  [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16));

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
