"use strict";
// Says beside each slider where it stands. Without this the numbers are said once the form was sent.
for (const slider of document.querySelectorAll("input[type=range][data-unit]")) {
  const said = document.getElementById(`${slider.id}-said`);
  const say = () => { said.textContent = `${slider.value} ${slider.value === "1" ? slider.dataset.one : slider.dataset.unit}`; };
  slider.addEventListener("input", say);
  say();
}
