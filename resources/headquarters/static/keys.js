// Keys for people who read a hundred reports a day. Without this file every page works with links and buttons.
"use strict";
(() => {
  const all = (what) => [...document.querySelectorAll(what)];
  const one = (what) => document.querySelector(what);
  const told = document.getElementById("told");
  const help = document.getElementById("keys");
  const rows = () => all("table.queue tbody tr");
  let at = -1;

  const say = (words) => { if (told) { told.textContent = words; } };

  const moveTo = (place) => {
    const list = rows();
    if (!list.length) { return; }
    at = Math.max(0, Math.min(list.length - 1, place));
    list.forEach((row, number) => row.classList.toggle("here", number === at));
    list[at].querySelector("th a").focus();
    list[at].scrollIntoView({ block: "nearest" });
  };

  const chosen = () => all('table.queue input[name="record"]:checked');

  const count = () => {
    const shown = one("[data-chosen]");
    if (shown) {
      shown.textContent = chosen().length ? `${shown.dataset.chosen}: ${chosen().length}` : "";
      say(shown.textContent);
    }
  };

  const choose = () => {
    const box = at >= 0 && rows()[at] ? rows()[at].querySelector('input[name="record"]') : null;
    if (box) { box.checked = !box.checked; count(); }
  };

  const decideMany = (outcome) => {
    const button = one(`.bulk button[value="${outcome}"]`);
    if (!button) { return false; }
    if (!chosen().length) { choose(); }
    if (chosen().length) { button.click(); }
    return true;
  };

  const goTo = (target) => {
    if (target) { target.focus(); target.scrollIntoView({ block: "center" }); }
  };

  // A key never decides by itself: it leads to the button, and Enter presses it.
  const decideOne = (outcome) => {
    const button = one(`#decided button[value="${outcome}"]`);
    const remark = one("#remark-0");
    goTo(outcome !== "approved" && remark && !remark.value.trim() ? remark : button);
  };

  const follow = (what) => { const link = one(what); if (link) { link.click(); } };

  const keys = {
    j: () => moveTo(at + 1),
    k: () => moveTo(at < 0 ? 0 : at - 1),
    x: choose,
    a: () => decideMany("approved") || decideOne("approved"),
    r: () => decideMany("returned") || decideOne("returned"),
    e: () => {
      if (!one("#decided") && at >= 0) { location.href = `${rows()[at].querySelector("th a").href}#remark-0`; return; }
      decideOne("escalated");
    },
    n: () => follow('.neighbours a[accesskey="n"]'),
    p: () => follow('.neighbours a[accesskey="p"]'),
    u: () => follow(".back a"),
    "/": () => goTo(one('input[type="search"]')),
    "?": () => { if (help) { if (help.open) { help.close(); } else { help.showModal(); } } },
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("textarea, select, input:not([type=checkbox]):not([type=submit])");
    if (event.ctrlKey || event.altKey || event.metaKey || typing) { return; }
    if (help && help.open && event.key !== "?") { return; }
    if (Object.hasOwn(keys, event.key)) { event.preventDefault(); keys[event.key](); }
  });
  document.addEventListener("change", (event) => { if (event.target.name === "record") { count(); } });
  all("[data-opens=keys]").forEach((button) => { button.hidden = false; button.addEventListener("click", keys["?"]); });
  // Led here by a key on the list: the place to write in, not only in sight.
  if (location.hash === "#remark-0") { goTo(one("#remark-0")); }
})();
