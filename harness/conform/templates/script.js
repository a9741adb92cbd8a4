"use strict";
(() => {
  const form = document.querySelector(".filter");
  const rows = [...document.querySelectorAll(".case")];

  function show() {
    const wanted = Object.fromEntries(new FormData(form));
    const text = wanted.text.toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const { verdict, bad, level, capability } = row.dataset;
      const has = (list, one) => !one || list.split(" ").includes(one);
      const fits = (!wanted.verdict || verdict === wanted.verdict || (wanted.verdict === "bad" && bad === "true"))
        && has(level, wanted.level)
        && has(capability, wanted.capability)
        && (!text || row.textContent.toLowerCase().includes(text));
      row.hidden = !fits;
      shown += fits;
    }
    form.querySelector("output").textContent = `${shown} of ${rows.length}`;
  }

  // A link to a case, or into one, opens it, also where the filter hides it.
  function follow() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const row = target?.closest(".case, .section");
    if (!row) return;
    row.hidden = false;
    row.open = true;
    target.scrollIntoView();
  }

  if (form) {
    form.addEventListener("input", show);
    form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.target.closest("input, select")) {
        event.preventDefault();
        form.elements.text.focus();
      }
    });
    show();
  }
  window.addEventListener("hashchange", follow);
  follow();
})();
