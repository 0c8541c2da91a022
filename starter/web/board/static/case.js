// Keeps what is being written in this browser until it is said, and tells the desk that somebody writes.
"use strict";
const page = document.querySelector("[data-case]");
const place = `draft/${page.dataset.reader}/`;
const ours = place + page.dataset.case + "/";
const kept = () => Object.keys(localStorage).filter((key) => key.startsWith("draft/"));
for (const key of kept()) if (!key.startsWith(place)) localStorage.removeItem(key); // another reader's
if (page.dataset.said) localStorage.removeItem(ours + page.dataset.said);
document.querySelector(".who").addEventListener("submit", () => kept().forEach((key) => localStorage.removeItem(key)));

function asTyped(form) {
  const fields = [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.tagName !== "BUTTON");
  return fields.map((one) => [one, one.type === "checkbox" ? "checked" : "value"]);
}

let told = 0;
async function writes(form) {
  const banner = document.querySelector("[data-writing]");
  if (Date.now() - told < 20000) return;
  told = Date.now();
  const body = new URLSearchParams({ form: form.elements.form.value });
  const answer = await fetch(banner.dataset.writing, { method: "POST", body });
  if (!answer.ok) return;
  const { others } = await answer.json();
  banner.querySelector("[data-who]").textContent = others.join(", ");
  banner.hidden = others.length === 0;
}

for (const form of document.querySelectorAll("[data-draft]")) {
  const key = ours + form.dataset.draft;
  const draft = JSON.parse(localStorage.getItem(key) || "{}");
  const isBlank = asTyped(form).every(([one, what]) => what === "checked" || !one.value);
  if (isBlank) for (const [one, what] of asTyped(form)) if (one.name in draft) one[what] = draft[one.name];
  if (isBlank && Object.keys(draft).length && form.closest("details")) form.closest("details").open = true;
  form.addEventListener("input", () => {
    localStorage.setItem(key, JSON.stringify(Object.fromEntries(asTyped(form).map(([one, what]) => [one.name, one[what]]))));
    writes(form).catch(() => {});
  });
}
