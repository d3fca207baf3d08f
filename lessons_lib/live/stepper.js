// What steps and runs, and what screen readers hear of it.

import { button, h } from "./core.js";

const CALM = 500; // milliseconds

/**
 * A line of words, which may change as often as it likes. Screen readers read
 * it out once it has stood still for half a second and nothing is `busy`. They
 * hear a copy, which goes away again, so that it is not found twice.
 */
export function status(busy = () => false) {
  const shown = h("div", { class: "live-status" });
  const heard = h("output", { class: "live-heard" });
  let timer = null;
  const wait = (then) => {
    clearTimeout(timer);
    timer = setTimeout(then, CALM);
  };
  const speak = () => {
    if (busy()) return wait(speak);
    heard.textContent = shown.textContent;
    return wait(() => heard.replaceChildren());
  };
  return {
    element: h("div", { class: "live-words" }, shown, heard),
    say(text) {
      if (text === shown.textContent) return;
      shown.textContent = text;
      if (shown.isConnected) wait(speak); // the page opens in silence
    },
  };
}

/** Does the reader want no motion? */
const still = () =>
  globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches;

/**
 * Buttons that step and run, and the words beside them, which are read out
 * when the run ends. `step(runs)` makes a step and says whether there is a
 * next one, `show()` draws, `begin()` may go back to the start before a run.
 * Where the reader wants no motion, a run makes up to 200 steps at once.
 * `every` is in milliseconds; `press(name, act)` makes a button that ends the
 * run, acts and draws.
 */
export function stepper({
  step,
  show,
  begin = () => {},
  every,
  names: [next, go, pause] = ["Step", "Run", "Pause"],
}) {
  let timer = null;
  const words = status(() => timer !== null);
  const stop = () => {
    clearInterval(timer);
    timer = null;
    run.textContent = go;
  };
  const press = (name, act) =>
    button(name, () => {
      stop();
      act();
      show();
    });
  const run = button(go, () => {
    if (timer !== null) return stop();
    begin();
    if (still()) for (let i = 0; i < 200 && step(true); i++);
    else {
      run.textContent = pause;
      timer = setInterval(() => {
        if (!run.isConnected) return stop();
        if (!step(true)) stop();
        return show();
      }, every);
    }
    return show();
  });
  return {
    step: press(next, () => step(false)),
    run,
    press,
    stop,
    words: words.element,
    say: words.say,
  };
}
