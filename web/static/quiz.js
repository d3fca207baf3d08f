// The questions of a page, with the score under them. The choices are <details>
// that need no script: this marks them for the style, and tells progress.js
// whether the first one opened on this visit was the right one.

{
  const { progress } = globalThis;
  const questions = [...document.querySelectorAll(".question")];
  const tried = new Set();
  for (const question of questions) {
    const key = question.dataset.question;
    for (const choice of question.querySelectorAll("details.choice")) {
      choice.open = false; // some browsers bring a page back as it was left
      const right = choice.children[1].textContent.trim().startsWith("✓");
      choice.classList.add(right ? "right" : "wrong");
      choice.firstElementChild.addEventListener("click", () => {
        if (tried.has(key) && progress.known(key)) return;
        tried.add(key);
        progress.answer(key, right);
      });
    }
  }

  if (questions.length) {
    const score = document.createElement("p");
    score.className = "quiz-score";
    score.setAttribute("role", "status"); // read out when it changes
    questions.at(-1).after(score);
    progress.watch(() => {
      const words = progress.score(questions.map((q) => q.dataset.question));
      const none = `${questions.length} questions, none answered yet`;
      if (score.textContent !== (words || none))
        score.textContent = words || none;
    });
  }
}
