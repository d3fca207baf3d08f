// A wide formula scrolls sideways in a box of its own. The Tab key reaches it
// there; the theme does the same for code and tables.

{
  const look = new ResizeObserver((entries) => {
    for (const { target } of entries)
      for (const box of [target, ...target.querySelectorAll("mjx-container")])
        if (
          box.scrollWidth > box.clientWidth &&
          getComputedStyle(box).overflowX !== "visible"
        )
          box.tabIndex = 0;
        else box.removeAttribute("tabindex");
  });
  for (const formula of document.querySelectorAll("div.math"))
    look.observe(formula);
}
