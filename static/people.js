// The list of people follows what is typed and chosen: the server's own page is asked for, and its list put in here.
// Words go in the body and never into an address; the filters do stand there. All works without this file.

const PAUSE = 200; // ms after the last letter

const form = document.querySelector("#people-search");
let timer = 0;
let asking = new AbortController();

async function ask() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), cache: "no-store", signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = page.querySelector("#people");
    if (!list) return form.requestSubmit(); // signed out, or the server is in trouble: it says so itself
    document.querySelector("#people").replaceWith(document.adoptNode(list));
    form.action = answer.url;
    history.replaceState(null, "", answer.url);
  } catch {
    // Another letter was typed meanwhile; or the network is gone, and the button tells.
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
});
