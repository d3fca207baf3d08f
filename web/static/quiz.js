// The score under a lesson's questions. The choices are <details> that need no
// script: this only marks them for the style, and counts the questions whose
// first opened choice was the right one.

{
  const questions = [];
  for (const choice of document.querySelectorAll("details.choice")) {
    choice.open = false; // some browsers bring a page back as it was left
    const right = choice.children[1].textContent.trim().startsWith("✓");
    choice.classList.add(right ? "right" : "wrong");
    if (!choice.previousElementSibling?.matches("details.choice"))
      questions.push({ answered: false, right: false });
    const question = questions.at(-1);
    choice.firstElementChild.addEventListener("click", () => {
      if (question.answered) return;
      question.answered = true;
      question.right = right;
      report();
    });
  }

  const score = document.createElement("p");
  score.className = "quiz-score";
  score.setAttribute("role", "status"); // read out when it changes

  const report = () => {
    const n = questions.length;
    const right = questions.filter((q) => q.right).length;
    const open = questions.filter((q) => !q.answered).length;
    score.textContent =
      open === n
        ? `${n} questions, none answered yet`
        : `${right} of ${n} right at the first try` +
          (open ? `, ${open} not answered yet` : "");
  };

  if (questions.length) {
    report();
    [...document.querySelectorAll("details.choice")].at(-1).after(score);
  }
}
