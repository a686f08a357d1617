"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const findings = [...document.querySelectorAll(".finding")];
  const chapters = [...document.querySelectorAll(".chapter")];
  const count = document.getElementById("count");

  function apply() {
    const wished = new FormData(form);
    const severities = wished.getAll("severity");
    const rule = wished.get("rule");
    const part = wished.get("path").trim().toLowerCase();
    let shown = 0;
    for (const finding of findings) {
      const { severity, rule: its, path } = finding.dataset;
      const fits = severities.includes(severity) && (!rule || rule === its) && path.toLowerCase().includes(part);
      finding.hidden = !fits;
      shown += fits;
    }
    for (const chapter of chapters) {
      chapter.hidden = !chapter.querySelector(".finding:not([hidden])");
    }
    count.textContent = `${shown} of ${findings.length} findings shown`;
  }

  function openTarget() {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.matches(".finding")) target.open = true;
  }

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  for (const [id, open] of [["unfold", true], ["fold", false]]) {
    document.getElementById(id).addEventListener("click", () => findings.forEach((one) => { one.open = open; }));
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();
  apply();
})();
