// A figure's state as a link, and as a cell of PyTorch.

import { button, h, row } from "./core.js";

// What a state may be: it comes from an address, which anybody can write.

/** Is it a number between the ends? */
export const real =
  (low = -Number.MAX_VALUE, high = Number.MAX_VALUE) =>
  (v) =>
    typeof v === "number" && v >= low && v <= high;

export const whole = (low, high) => (v) =>
  Number.isInteger(v) && real(low, high)(v);

export const among = (values) => (v) => values.includes(v);

/** Is it a list of `low` to `high` values of one form? */
export const list = (low, high, form) => (v) =>
  Array.isArray(v) &&
  v.length >= low &&
  v.length <= high &&
  v.every((one) => has(form, one));

/** Has a value this form: a test, or an object of forms? */
export const has = (form, value) =>
  typeof form === "function"
    ? form(value)
    : value !== null &&
      typeof value === "object" &&
      Object.entries(form).every(([name, part]) => has(part, value[name]));

/** A state as letters that an address may have. */
export const encode = (state) =>
  btoa(JSON.stringify(state))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** The state in these letters; null if there is none. */
export function decode(letters) {
  try {
    return JSON.parse(atob(letters.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return null;
  }
}

/** The states in a fragment, as a map from figures' names to letters. */
export const inside = (fragment) =>
  new Map(
    [...fragment.matchAll(/[#&](\w+-\d+)=([^&]*)/g)].map((m) => m.slice(1)),
  );

/** A list of numbers as Python writes it, in lines of 79 columns. */
export const python = (name, values) =>
  broken(`${name} = `, JSON.stringify(values), "");

/** The same as a tensor of 64 bits: `exact` names them. */
export const tensor = (name, values) =>
  broken(`${name} = torch.tensor(`, JSON.stringify(values), ", dtype=exact)");

function broken(before, text, after) {
  const spaced = text.replaceAll(",", ", ");
  const all = before + spaced + after;
  if (all.length < 80) return all;
  const [, opens, middle] = spaced.match(/^(\[)(.*)\]$/);
  const end = middle.startsWith("[") ? "\\]," : ","; // a pair stays together
  const lines = middle.match(new RegExp(`.{1,73}(?:${end}(?= )|$)`, "g"));
  return [before + opens, ...lines.map((one) => `    ${one.trim()}`)]
    .join("\n")
    .concat(`\n]${after}`);
}

const LONG = /[\w+/=]{100,}/g; // what only the copy needs whole

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // not allowed, or not there
  }
};

/**
 * A button that writes the figure's state into the page's address, and the
 * same state in PyTorch, folded. `state()` gives what JSON can hold, or null
 * where there is nothing; `restore(state)` brings it back, and says whether it
 * could; `cell(state)` is the code. Call `changed()` where the state may have
 * changed, and `open()` when the figure stands: it restores what the address
 * holds.
 */
export function share(root, { state, restore, cell }) {
  const kind = root.dataset.figure;
  const all = document.querySelectorAll(`[data-figure="${kind}"]`);
  const name = `${kind}-${[...all].indexOf(root) + 1}`;
  const words = h("output", { class: "live-said" });
  const say = (text) => {
    words.textContent = text;
  };
  const link = button("Link", async () => {
    const now = state();
    if (!now) return say("There is nothing to link to.");
    const states = inside(location.hash);
    states.delete(name);
    const parts = [[name, encode(now)], ...states]; // the newest is seen
    const fragment = parts.map((part) => part.join("=")).join("&");
    history.replaceState(history.state, "", `#${fragment}`);
    return say(
      (await copy(location.href))
        ? "The link is copied. It opens this state."
        : "The link to this state is in the address bar.",
    );
  });
  // in a frame, as on Colab, the address is not the page's
  if (self !== top) link.hidden = true;

  const code = h("code", {});
  const box = h(
    "pre",
    { tabindex: 0, role: "group", "aria-label": "The same in PyTorch" },
    code,
  );
  const made = () => {
    const now = state();
    return now ? cell(now) : "# There is nothing here yet.\n";
  };
  const changed = () => {
    if (!folded.open) return;
    const text = made().replace(LONG, (long) => `${long.slice(0, 24)}…`);
    if (text !== code.textContent) code.textContent = text;
  };
  const copied = button("Copy", async () => {
    if (await copy(made())) return say("The cell is copied.");
    getSelection().selectAllChildren(code);
    return say("The cell is marked: copy it by hand.");
  });
  const folded = h(
    "details",
    { ontoggle: () => changed() },
    h("summary", {}, "The same in PyTorch"),
    box,
    copied,
  );

  const open = () => {
    const letters = inside(location.hash).get(name);
    if (letters === undefined || !root.isConnected) return;
    const found = decode(letters);
    if (found === null || !restore(found))
      return say(
        "The link is damaged, or older than this figure: it is not used.",
      );
    say("This is the state of the link.");
    if (inside(location.hash).keys().next().value === name)
      requestAnimationFrame(() => root.scrollIntoView());
  };
  addEventListener("hashchange", open);
  return { element: row(link, folded, words), changed, open };
}
