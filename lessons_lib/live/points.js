// Points on a plot: to drag, and to edit.

import { BLUE, RED, arrow, clamp, s, set, shown } from "./core.js";

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
      const way = arrow(event, step);
      if (way) {
        const { x, y } = area.range;
        move([clamp(place[0] + way[0], ...x), clamp(place[1] + way[1], ...y)]);
      } else if (event.key === "Enter" || event.key === " ") press();
      else return;
      event.preventDefault();
    },
  });
  return {
    shape,
    at(to, words) {
      place = to;
      area.put(shape, to, { "aria-label": words });
    },
  };
}

export const signed = (y) => `class ${y > 0 ? "+1" : "−1"}`;

/**
 * The look of a point, with `more` on it: a circle for class +1, which it is
 * at first, a square for the other. It can be taken `reach` from its middle.
 */
export function marker(r, reach, ...more) {
  const edge = { stroke: "#fff", "stroke-width": 1.5 };
  const side = 2 * r - 2;
  const box = { x: 1 - r, y: 1 - r, width: side, height: side };
  const circle = s("circle", { r, fill: BLUE, ...edge });
  const square = s("rect", { ...box, fill: RED, ...edge });
  const shape = s(
    "g",
    {},
    s("circle", { r: reach, fill: "transparent" }),
    circle,
    square,
    ...more,
  );
  const draw = (y) => {
    shown(circle, y > 0);
    shown(square, y <= 0);
  };
  draw(1);
  return { shape, draw };
}

/**
 * Points `X` of two classes `y` to move, by dragging or arrow keys, to press,
 * and to remove with the key Delete; Page Up and Down go from one to the next.
 * `mark()` gives the look of each, `press(i)` says what a tap does, `inside`
 * where a point may be, and `changed(what, i)` is told what was done. Where
 * there are many points, the Tab key may reach only one of them (`oneStop`);
 * `empty` has the focus when the last one is gone.
 */
export function editor(
  area,
  { mark, press, inside, changed, step, least = 0, oneStop = false, empty },
) {
  let handles = [];
  const self = { X: [], y: [], current: 0 };

  const reach = (i) => {
    self.current = (i + handles.length) % handles.length;
    if (oneStop)
      handles.forEach(({ shape }, k) =>
        set(shape, { tabindex: k === self.current ? 0 : -1 }),
      );
  };
  const focus = () => (handles[self.current]?.shape ?? empty).focus();
  const handle = (_, i) => {
    const look = mark();
    const one = draggable(area, look.shape, {
      step,
      move: (to) => {
        self.X[i] = inside(to);
        changed("moved", i);
      },
      press: () => press(i),
    });
    set(look.shape, {
      onfocus: () => reach(i),
      onkeydown: (event) => {
        const way = { PageDown: 1, PageUp: -1 }[event.key];
        if (way) {
          reach(i + way);
          focus();
        } else if (["Delete", "Backspace"].includes(event.key)) self.remove(i);
        else return;
        event.preventDefault();
      },
    });
    return { ...one, look };
  };
  /** Make all handles anew; the focus stays, if one of them had it. */
  const place = (current) => {
    const had = handles.some((one) => one.shape === document.activeElement);
    for (const { shape } of handles) shape.remove();
    handles = self.X.map(handle);
    self.current = 0;
    if (handles.length) reach(clamp(current, 0, handles.length - 1));
    if (had) focus();
  };

  return Object.assign(self, {
    /** Other points: these. */
    set(X, y) {
      self.X = X.map((point) => [...point]);
      self.y = [...y];
      place(0);
    },
    add(to, y) {
      self.X.push(inside(to));
      self.y.push(y);
      place(self.X.length - 1);
      changed("added", self.X.length - 1);
    },
    remove(i) {
      if (self.X.length <= least) return;
      self.X.splice(i, 1);
      self.y.splice(i, 1);
      place(i);
      changed("removed", i);
    },
    /** Draw each where it is; `words(i, look)` says what it is. */
    show(words) {
      handles.forEach(({ look, at }, i) => {
        look.draw(self.y[i]);
        at(self.X[i], words(i, look));
      });
    },
  });
}
