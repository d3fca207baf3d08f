(() => {
  for (const root of document.querySelectorAll("figure.live:not([data-live])")) {
    root.dataset.live = "frames";
    const { labels, images } = JSON.parse(
      root.querySelector('script[type="application/json"]').textContent,
    );
    const picture = root.querySelector("img");
    const slider = root.querySelector("input");
    const output = root.querySelector("output");
    const play = root.querySelector('[data-do="play"]');
    const last = labels.length - 1;
    let timer = null;

    const show = (i) => {
      const now = Math.min(Math.max(i, 0), last);
      slider.value = now;
      picture.src = images[now];
      output.textContent = labels[now];
      slider.setAttribute("aria-valuetext", labels[now]);
    };
    const stop = () => {
      clearInterval(timer);
      timer = null;
      play.textContent = "▶";
      play.setAttribute("aria-label", "Play");
    };
    const step = () => {
      if (Number(slider.value) >= last) stop();
      else show(Number(slider.value) + 1);
    };

    slider.addEventListener("input", () => {
      stop();
      show(Number(slider.value));
    });
    root.querySelector('[data-do="back"]').addEventListener("click", () => {
      stop();
      show(Number(slider.value) - 1);
    });
    root.querySelector('[data-do="on"]').addEventListener("click", () => {
      stop();
      show(Number(slider.value) + 1);
    });
    play.addEventListener("click", () => {
      if (timer !== null) {
        stop();
        return;
      }
      if (Number(slider.value) >= last) show(0);
      timer = setInterval(step, 900);
      play.textContent = "❚❚";
      play.setAttribute("aria-label", "Pause");
    });
    root.querySelector(".live-controls").hidden = false;
  }
})();
