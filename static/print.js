// A print run under way keeps its page true: every two seconds the part of it that moves is asked for and drawn anew,
// in the page's language, by the server. Without this file, loading the page again does the same.

const EVERY = 2000;

async function redraw() {
  const old = document.querySelector("#live[data-fresh]");
  if (!old) return;
  if (!document.hidden) {
    const wait = { cache: "no-store", signal: AbortSignal.timeout(10000) };
    const answer = await fetch(old.dataset.source, wait).catch(() => null);
    if (answer?.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("#live");
      if (fresh && fresh.outerHTML !== old.outerHTML) replace(old, fresh);
    }
  }
  setTimeout(redraw, EVERY);
}

/** Whoever stands on a link or button keeps standing on it, if it is still there. */
function replace(old, fresh) {
  const id = old.contains(document.activeElement) ? document.activeElement.id : "";
  old.replaceWith(fresh);
  if (id) document.getElementById(id)?.focus();
}

setTimeout(redraw, EVERY);
