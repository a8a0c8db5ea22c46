"use strict";
// What htmx does not do for pages that look again by themselves. Without either, every page works as it stands.
(() => {
  const PLACE = "carepath-place";

  // Nobody reads a page that is hidden. It looks again once it comes to the front.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden) event.preventDefault();
  });

  // A page that cannot look again says so: what stands there may be old.
  document.addEventListener("htmx:afterRequest", (event) => {
    document.getElementById("stale").hidden = Boolean(event.detail.successful);
  });

  // "Show" loads the page anew, and the reader finds it where they left it.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-same-place]")) sessionStorage.setItem(PLACE, String(window.scrollY));
  });
  const place = sessionStorage.getItem(PLACE);
  if (place !== null) {
    sessionStorage.removeItem(PLACE);
    document.getElementById("main").focus({ preventScroll: true });
    window.scrollTo({ top: Number(place), behavior: "instant" });
  }
})();
