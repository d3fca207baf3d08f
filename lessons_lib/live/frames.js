// A row of pictures, with a slider to go through them.

import { button, h, row, runner, set, status } from "./core.js";

/** The slider and its buttons; `show(i)` is called with each new place. */
export function player({ labels, start, show }) {
  const last = labels.length - 1;
  const words = status();
  const range = h("input", {
    type: "range",
    min: 0,
    max: last,
    step: 1,
    "aria-label": "Picture",
  });
  const go = (i) => {
    range.value = Math.min(Math.max(i, 0), last);
    const now = Number(range.value);
    words.textContent = labels[now];
    range.setAttribute("aria-valuetext", labels[now]);
    show(now);
    return now < last;
  };
  const play = runner({
    step: () => go(Number(range.value) + 1),
    every: 900,
    run: "▶",
    pause: "❚❚",
  });
  set(play.element, {
    "aria-label": "Play or pause",
    // from the last picture on there is nothing to play: begin again
    onpointerdown: () => Number(range.value) === last && go(0),
  });
  const stepTo = (change) => () => {
    play.stop();
    go(Number(range.value) + change);
  };
  range.addEventListener("input", () => {
    play.stop();
    go(Number(range.value));
  });
  go(start);
  return row(
    set(button("‹", stepTo(-1)), { "aria-label": "Previous picture" }),
    range,
    set(button("›", stepTo(1)), { "aria-label": "Next picture" }),
    play.element,
    words,
  );
}

export function build(body, { labels, images, start }, root) {
  const still = root.querySelector(".live-still");
  const picture = h("img", { class: "live-picture", alt: still.alt });
  body.append(
    picture,
    player({
      labels,
      start,
      show: (i) => {
        picture.src = images[i];
      },
    }),
  );
}
