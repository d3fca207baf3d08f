// What the reader has read and answered. It is kept in the browser's own
// storage, and nothing is sent anywhere. Each change begins with what is stored
// by then, so that another open page loses nothing.

{
  const KEY = "neural-networks-run-and-proved";
  const ASIDE = `${KEY}/aside`; // what was stored and could not be read
  const PARTS = ["questions", "lessons"]; // key: right; name: read
  const watchers = [];
  let unsaved = null; // the record, once the storage takes no more

  const parse = (text) => {
    const record = JSON.parse(text);
    const whole = PARTS.map((part) => record[part]).every(
      (of) =>
        of?.constructor === Object &&
        Object.values(of).every((v) => typeof v === "boolean"),
    );
    if (record.version !== 1 || !whole) throw new TypeError("another form");
    return record;
  };

  const load = () => {
    if (unsaved) return unsaved;
    const none = { version: 1, questions: {}, lessons: {} };
    const text = localStorage.getItem(KEY);
    try {
      return text === null ? none : parse(text);
    } catch {
      try {
        const before = localStorage.getItem(ASIDE) ?? "";
        localStorage.setItem(ASIDE, `${before}${text}\n`);
        localStorage.removeItem(KEY);
      } catch {
        unsaved = none; // no room: let it lie
      }
      return none;
    }
  };

  const show = () => {
    const record = load();
    for (const watcher of watchers) watcher(record);
  };

  const change = (edit) => {
    const record = load();
    edit(record);
    try {
      if (!unsaved) localStorage.setItem(KEY, JSON.stringify(record));
    } catch {
      unsaved = record;
    }
    show();
  };

  const watch = (watcher) => {
    watchers.push(watcher);
    watcher(load());
  };

  // Once right is right, and once read is read, whichever comes first.
  const add = (into, from) => {
    for (const part of PARTS)
      for (const [key, yes] of Object.entries(from[part]))
        into[part][key] = yes || into[part][key] === true;
  };

  const count = (keys, record) => {
    const known = keys.map((key) => record.questions[key]);
    const right = known.filter((k) => k === true).length;
    const missed = known.filter((k) => k === false).length;
    return { right, missed, open: keys.length - right - missed };
  };

  const score = (keys, record = load()) => {
    const { right, missed, open } = count(keys, record);
    if (open === keys.length) return "";
    return (
      `${right} of ${keys.length} right` +
      (missed ? `, ${missed} missed` : "") +
      (open ? `, ${open} not answered yet` : "")
    );
  };

  const read = (lesson, yes) => change((r) => (r.lessons[lesson] = yes));

  globalThis.progress = {
    answer: (key, right) =>
      change((r) => add(r, { questions: { [key]: right }, lessons: {} })),
    known: (key) => key in load().questions,
    score,
    watch,
  };
  addEventListener("storage", show); // from another open page
  addEventListener("pageshow", (event) => event.persisted && show());

  // What the reader should know of the storage, if anything.
  const warning = () => {
    if (localStorage.forbidden)
      return "This browser keeps nothing for this site: what you do is forgotten when you leave the page.";
    if (unsaved) return "The browser's storage is full: this is not kept.";
    if (localStorage.getItem(ASIDE) !== null)
      return "What was kept here could not be read. It was put aside.";
    return "";
  };

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const box = (lesson, name) => {
    const input = element("input", { type: "checkbox" });
    input.addEventListener("change", () => read(lesson, input.checked));
    if (name) input.setAttribute("aria-label", name);
    watch((record) => (input.checked = record.lessons[lesson] === true));
    return input;
  };

  // Questions: each shows how it was answered.
  for (const question of document.querySelectorAll(".question"))
    watch((record) => {
      const right = record.questions[question.dataset.question];
      if (right === undefined) delete question.dataset.answer;
      else question.dataset.answer = right ? "right" : "missed";
    });

  // The end of a lesson: it is read once this was on the screen. Who takes the
  // mark away is not contradicted.
  for (const end of document.querySelectorAll(".read")) {
    const { lesson } = end.dataset;
    const label = element("label", {}, box(lesson), " I have read this lesson");
    const page = element("a", { href: "progress.html" }, "Your progress");
    const words = element("span");
    end.append(label, " · ", page, words);
    end.hidden = false;
    watch(() => (words.textContent = warning() && ` · ${warning()}`));
    new IntersectionObserver(([{ isIntersecting }]) => {
      if (isIntersecting && !(lesson in load().lessons)) read(lesson, true);
    }).observe(end);
  }

  // The landing page's cards.
  for (const card of document.querySelectorAll(".lesson[data-questions]")) {
    const lesson = card.querySelector("a").getAttribute("href").slice(0, -5);
    const line = element("p", { className: "lesson-progress" });
    card.append(line);
    watch((record) => {
      const words = score(card.dataset.questions.split(" "), record);
      const parts = [record.lessons[lesson] && "✓ read", words];
      line.textContent = parts.filter(Boolean).join(" · ");
      line.hidden = !line.textContent;
    });
  }

  // The page "Your progress".
  const tools = document.querySelector(".progress-tools");
  if (tools) {
    const all = [...document.querySelectorAll(".question")];
    const keys = (some) => some.map((q) => q.dataset.question);

    for (const row of document.querySelectorAll("#lessons tbody tr")) {
      const link = row.querySelector("a");
      const lesson = link.getAttribute("href").slice(0, -5);
      const asked = keys(all.filter((q) => q.dataset.lesson === lesson));
      row.cells[1].append(box(lesson, `${link.textContent}, read`));
      watch((record) =>
        Object.values(count(asked, record)).forEach(
          (n, i) => (row.cells[i + 2].textContent = n),
        ),
      );
    }

    // What was answered right just now stays until the page is left.
    const left = document.querySelector(".progress-left");
    watch((record) => {
      for (const question of all) {
        const { answer } = question.dataset;
        question.hidden = !answer || (answer === "right" && question.hidden);
      }
      const { missed } = count(keys(all), record);
      left.textContent = missed
        ? `${missed} to try again.`
        : "Nothing is missed.";
    });

    const save = (name, text) => {
      const href = URL.createObjectURL(new Blob([text]));
      element("a", { href, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60000);
    };
    const find = (name) => tools.querySelector(`[name=${name}]`);
    const said = tools.querySelector("[role=status]");
    const on = (name, act) => find(name).addEventListener("click", act);
    on("save", () => save(`${KEY}.json`, JSON.stringify(load(), null, 1)));
    on("forget", () => {
      if (!confirm("Forget everything that you read and answered?")) return;
      unsaved = null;
      localStorage.removeItem(KEY);
      localStorage.removeItem(ASIDE);
      said.textContent = "Everything is forgotten.";
      show();
    });
    find("add").addEventListener("change", async ({ target }) => {
      const [file] = target.files;
      try {
        const record = parse(await file.text());
        change((r) => add(r, record));
        said.textContent = `${file.name} was added.`;
      } catch {
        said.textContent = `Nothing was changed: ${file.name} is not a record of this book.`;
      }
      target.value = ""; // the same file may be chosen again
    });

    const note = element("p", { className: "progress-note" });
    const broken = () => localStorage.getItem(ASIDE) ?? "";
    const keep = element("button", { type: "button" }, "Save it to a file");
    keep.addEventListener("click", () => save(`${KEY}.txt`, broken()));
    const drop = element("button", { type: "button" }, "Delete it");
    drop.addEventListener("click", () => {
      localStorage.removeItem(ASIDE);
      show();
    });
    document.querySelector("#lessons").before(note);
    watch(() => {
      note.replaceChildren(warning(), ...(broken() ? [" ", keep, drop] : []));
      note.hidden = !warning();
    });
    tools.hidden = false;
  }
}
