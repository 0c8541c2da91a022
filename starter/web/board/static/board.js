// What a page of the board does beyond being read: counts down, takes what has changed, and obeys keys.
"use strict";
(() => {
  const table = document.getElementById("rows");
  const body = table.tBodies[0];
  const state = document.getElementById("state");
  const lost = document.getElementById("lost");
  const engine = document.getElementById("engine");
  const blank = document.getElementById("row").content.querySelector("tr");
  const LOST_AFTER = 4500; // ms without a word; the server speaks every 2 s
  let ahead = Number(table.dataset.now) - Date.now(); // of our clock, the server's
  let heard = performance.now();
  let asOf = Number(table.dataset.now);
  let storeAway = "";

  const now = () => Date.now() + ahead;
  const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: table.dataset.zone });
  const time = (at) => `${clock.format(at)} ${table.dataset.city}`; // in the zone of whoever reads, as the server writes it

  // The two largest units, as the server says it: "3 h 12 min".
  const span = (seconds) => {
    if (seconds < 60) return `${seconds} s`;
    const units = [[Math.floor(seconds / 86400), "d"], [Math.floor(seconds / 3600) % 24, "h"], [Math.floor(seconds / 60) % 60, "min"]];
    while (units[0][0] === 0) units.shift();
    return units.slice(0, 2).filter(([count]) => count).map((unit) => unit.join(" ")).join(" ");
  };

  // What is left shrinks only while the stretch lasts that counts; what is late grows.
  const countDown = (cell) => {
    const { left, run, stop, unit } = cell.dataset;
    if (left === "") return;
    const at = Math.floor(now() / 1000);
    const gone = Math.max(0, Math.min(at, Number(stop)) - Math.max(Number(cell.dataset.from), Number(run)));
    const late = unit === " late";
    const rest = late ? Number(left) + at - Number(cell.dataset.from) : Number(left) - gone;
    const text = rest > 0 ? `${span(rest)}${unit}` : "due now";
    if (cell.textContent !== text) cell.textContent = text;
  };
  const startFrom = (row) => {
    for (const cell of row.querySelectorAll("[data-left]")) cell.dataset.from = String(Math.floor(now() / 1000));
  };
  const tick = () => {
    for (const cell of body.querySelectorAll("[data-left]")) countDown(cell);
    const silent = performance.now() - heard > LOST_AFTER;
    const text = storeAway
      ? `The case store has not answered since ${storeAway}. This list is as of ${time(asOf)}.`
      : silent && table.dataset.stream ? `The desk is not heard. This list is as of ${time(asOf)}.` : "";
    if (lost.textContent !== text) lost.textContent = text;
    lost.hidden = text === "";
  };

  const fill = (row, cells) => {
    row.dataset.n = cells.n;
    row.dataset.k = cells.k;
    row.dataset.band = cells.band;
    for (const slot of row.querySelectorAll("[data-slot]")) {
      const name = slot.dataset.slot;
      slot.textContent = cells[name];
      if (name === "band") slot.hidden = !cells.band;
      if (name === "due") slot.dateTime = cells.at;
      if (name === "says") Object.assign(slot.dataset, { left: cells.left ?? "", run: cells.run, stop: cells.stop, unit: cells.unit });
    }
    row.querySelector(".theirs").hidden = !cells.theirs;
    const [link, why] = row.querySelectorAll("a");
    link.href = `/cases/${cells.n}`;
    why.href = `/cases/${cells.n}/explain/${cells.clock}`;
    why.hidden = !cells.clock;
    startFrom(row);
  };
  const find = (number) => body.querySelector(`tr[data-n="${CSS.escape(number)}"]`);
  const place = (cells) => {
    const known = find(cells.n);
    const rows = [...body.rows].filter((row) => row !== known);
    const before = rows.find((row) => row.dataset.k > cells.k);
    const narrowed = new URLSearchParams(location.search).get("words");
    if (!known && ((!before && table.dataset.more) || narrowed)) return; // of a later page, or not ours to say
    const row = known ?? blank.cloneNode(true);
    const focused = row.contains(document.activeElement) ? document.activeElement : null;
    fill(row, cells);
    row.classList.remove("fresh");
    if (row.nextElementSibling !== (before ?? null) || !known) body.insertBefore(row, before ?? null);
    requestAnimationFrame(() => row.classList.add("fresh"));
    focused?.focus({ preventScroll: true });
    document.getElementById("none")?.remove();
  };

  const listen = () => {
    const since = Math.floor(asOf / 1000);
    const stream = new EventSource(`${table.dataset.stream}&since=${since}`);
    stream.addEventListener("error", () => { // a stream that ended is opened again by the browser, one refused is not
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
    });
    stream.addEventListener("stale", () => { stream.close(); location.reload(); });
    stream.addEventListener("message", ({ data }) => {
      const said = JSON.parse(data);
      heard = performance.now();
      ahead = said.now - Date.now();
      storeAway = said.away ?? "";
      if (engine.textContent !== (said.engine ?? "")) engine.textContent = said.engine ?? "";
      engine.hidden = !said.engine;
      if (!said.away) asOf = said.now;
      for (const [list, count] of Object.entries(said.counts ?? {})) {
        const shown = document.querySelector(`[data-count="${list}"]`);
        if (shown) shown.textContent = count;
      }
      for (const cells of said.rows ?? []) place(cells);
      for (const number of said.gone ?? []) find(number)?.remove();
      state.textContent = `${body.rows.length} shown, as of ${time(asOf)}`;
      tick();
    });
  };

  let chosen = null;
  const choose = (row) => {
    if (!row) return;
    chosen = row;
    row.querySelector("a").focus();
    row.scrollIntoView({ block: "nearest" });
  };
  const keys = {
    j: () => choose(chosen?.isConnected ? chosen.nextElementSibling : body.rows[0]),
    k: () => choose(chosen?.isConnected ? chosen.previousElementSibling : body.rows[0]),
    Enter: () => chosen?.isConnected && chosen.querySelector("a").click(),
    "/": () => document.getElementById("q")?.focus(),
    "?": () => {
      const list = document.getElementById("keys");
      list.open = !list.open;
      if (list.open) list.querySelector("summary").focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, button, a, summary");
    const own = typing && (!typing.matches("a, summary") || event.key === "Enter");
    if (own || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });

  for (const row of body.rows) startFrom(row);
  if (table.dataset.stream) listen();
  setInterval(tick, 1000);
})();
