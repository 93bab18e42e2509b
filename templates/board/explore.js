// Sliders over a grid that the compiler computed. Looks up, never computes.
for (const root of document.querySelectorAll("[data-explorer]")) {
  const grid = JSON.parse(root.querySelector("script").textContent);
  const sliders = [...root.querySelectorAll("input")];
  const answers = [...root.querySelectorAll("[data-answer]")];
  const show = () => {
    let at = 0;
    sliders.forEach((slider, axis) => {
      const value = grid.axes[axis][Number(slider.value)];
      slider.setAttribute("aria-valuetext", value);
      slider.previousElementSibling.querySelector("output").textContent = value;
      at = at * grid.axes[axis].length + Number(slider.value);
    });
    answers.forEach((answer, field) => { answer.textContent = grid.cells[at][field]; });
  };
  sliders.forEach((slider) => slider.addEventListener("input", show));
  for (const part of root.querySelectorAll("[hidden]")) part.hidden = false;
  show();
}
