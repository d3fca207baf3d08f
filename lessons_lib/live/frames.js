// A row of pictures, with a slider to go through them.

import { clamp, h, row, set } from "./core.js";
import { stepper } from "./stepper.js";

export function build(body, { labels, images, start }, root) {
  const last = labels.length - 1;
  let now = start;
  const picture = h("img", {
    class: "live-picture",
    alt: root.querySelector(".live-still").alt,
  });
  const go = (to) => {
    now = clamp(to, 0, last);
    return now < last;
  };
  const show = () => {
    picture.src = images[now];
    range.value = now;
    set(range, { "aria-valuetext": labels[now] });
    play.say(labels[now]);
  };
  const play = stepper({
    every: 900,
    names: ["›", "▶", "❚❚"],
    begin: () => now === last && go(0),
    step: () => go(now + 1),
    show,
  });
  const range = h("input", {
    type: "range",
    min: 0,
    max: last,
    step: 1,
    "aria-label": "Picture",
    oninput: () => {
      play.stop();
      go(Number(range.value));
      show();
    },
  });
  const back = play.press("‹", () => go(now - 1));
  body.append(
    picture,
    row(
      set(back, { "aria-label": "Previous picture" }),
      range,
      set(play.step, { "aria-label": "Next picture" }),
      set(play.run, { "aria-label": "Play or pause" }),
      play.words,
    ),
  );
  show();
}
