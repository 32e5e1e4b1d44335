/**
 * The visitor's own wishlist, on this device and nowhere else. A site under a path has a list of its own.
 *
 * A wish: { id, title, url (from the site's root), iso, when, place, ends, lang }; all text; `sold`: "yes" when it was sold
 * through us when it was kept. What is in the store is never
 * trusted: another version of us may have written it. Whoever wants to know of changes listens to "wishes" on the window.
 */
export const SITE = new URL("..", import.meta.url);
export const MOST = 60;
const WISHES = `wishes:${SITE.pathname}`;
const SHARED = `wishes-shared:${SITE.pathname}`;
const TEXTS = ["id", "title", "url", "iso", "when", "place", "ends", "lang"];
let unkept = {}; // where a browser keeps nothing, for as long as the page is open

/** All wishes, in the order in which they were kept. */
export function wishes() {
  return read(WISHES).filter((one) => TEXTS.every((name) => typeof one[name] === "string"));
}

export function isKept(id) {
  return wishes().some((one) => one.id === id);
}

/** Keep it, or what is new about it; gives "kept", "full", or "lost" when the browser keeps nothing. */
export function keep(...added) {
  const known = new Map(wishes().map((one) => [one.id, one]));
  for (const one of added) {
    const news = Object.entries(one).filter(([, text]) => text);
    known.set(one.id, { ...one, ...known.get(one.id), ...Object.fromEntries(news) });
  }
  if (known.size > MOST) return "full";
  if (JSON.stringify(wishes()) === JSON.stringify([...known.values()])) return "kept";
  return write(WISHES, [...known.values()]) ? "kept" : "lost";
}

export function drop(...ids) {
  write(WISHES, wishes().filter((one) => !ids.includes(one.id)));
}

/** The lists that were shared from this device: { url, token, secret, expires }. */
export function shared() {
  const now = new Date().toISOString();
  return read(SHARED).filter((one) => typeof one.token === "string" && typeof one.url === "string" && one.expires > now);
}

export function noteShared(list) {
  write(SHARED, [...shared(), list]);
}

export function forgetShared(token) {
  write(SHARED, shared().filter((one) => one.token !== token));
}

function read(key) {
  let found;
  try {
    found = JSON.parse(localStorage.getItem(key));
  } catch {
    // no store, or no JSON in it
  }
  found ??= unkept[key];
  return Array.isArray(found) ? found.filter((one) => one && typeof one === "object") : [];
}

function write(key, value) {
  let kept = true;
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    unkept = { ...unkept, [key]: value };
    kept = false;
  }
  window.dispatchEvent(new Event("wishes"));
  return kept;
}

window.addEventListener("storage", (event) => {
  if (event.key === WISHES || event.key === SHARED) window.dispatchEvent(new Event("wishes"));
});
