/**
 * The site without a network, as it was last seen. plugins/offline puts a site's SHELL and WORDS in front of this.
 *
 * Pages: the network first; without one, what was seen, saying when. Assets have their content in their name: what is kept
 * is right for ever. Pictures and the search index are kept when they were used, up to a limit. Kept nowhere: whatever is
 * sent, what functions answer, and whatever says no-store. But for one page: an order with tickets, in a cache of its own, until
 * the moment that its answer names (functions/keeping.py). An answer that names none any more takes it away again.
 */
const SCOPE = new URL(registration.scope).pathname;
const NAME = (part) => `etalage ${registration.scope} ${part}`;
const MOST = { pages: 80, assets: 120, pictures: 60, search: 200, tickets: 20 };
const PATIENCE = 8000; // a network that says nothing for so long is none
const NEVER = /^(?:[a-z]{2}\/)?(?:api|basket|choose|checkout|door|order|organiser|request|wishlist|search)(?:[/.?]|$)/;
const INDEX = /^(?:[a-z]{2}\/)?search\/.*\.[a-z]+$/;
const PICTURE = /\.(?:avif|webp|jpe?g|png|gif)$/;
const ORDER = /^(?:[a-z]{2}\/)?order\/[^/]+$/;
const SEEN = "x-seen";
const UNTIL = "x-keep-until";

addEventListener("install", (event) => event.waitUntil(install().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const answer = choose(event);
  if (answer) event.respondWith(answer);
});

/** The look of the site, and its own pages for a visitor without a network, in the languages that are open now. */
async function install() {
  const assets = await caches.open(NAME("assets"));
  const missing = [];
  for (const path of SHELL.assets) if (!(await assets.match(SCOPE + path))) missing.push(SCOPE + path);
  await assets.addAll(missing);
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const languages = new Set([SHELL.languages[0].prefix, ...windows.map((one) => languageOf(new URL(one.url)).prefix)]);
  for (const prefix of languages) await keepPages(SHELL.languages.find((one) => one.prefix === prefix).pages);
  const open = windows.map((one) => new URL(one.url).pathname.slice(SCOPE.length));
  await keepPages(open.filter((path) => !NEVER.test(path)));
  await keepPages(open.filter((path) => ORDER.test(path)), "tickets");
}

/** What an older worker kept for an older site stays while it is of use; only caches of another kind go. */
async function activate() {
  const ours = Object.keys(MOST).map(NAME);
  for (const name of await caches.keys()) {
    if (name.startsWith(NAME("")) && !ours.includes(name)) await caches.delete(name);
  }
  await tidy();
  await clients.claim();
}

async function keepPages(paths, part = "pages") {
  for (const path of paths) {
    const answer = await fetch(SCOPE + path, { cache: "no-cache" }).catch(() => null);
    if (answer?.ok && !answer.redirected) await put(part, SCOPE + path, answer);
  }
}

/** How to answer, or nothing: then the browser asks as if we were not there. What is to be kept never keeps a visitor waiting. */
function choose(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || !url.pathname.startsWith(SCOPE)) return null;
  const path = url.pathname.slice(SCOPE.length);
  if (INDEX.test(path)) return soon("search", event);
  if (request.mode === "navigate") event.waitUntil(tidy());
  if (request.mode === "navigate" && ORDER.test(path)) return page(event, url, "tickets");
  if (NEVER.test(path)) return request.mode === "navigate" ? online(request, url) : null;
  if (request.mode === "navigate") return page(event, url, "pages");
  if (PICTURE.test(path)) return soon("pictures", event);
  if (path.startsWith("assets/")) return kept("assets", event);
  return null;
}

/** The network first. What it says is kept; when it says nothing, what was kept is shown, with its date. */
async function page(event, url, part) {
  const asking = fetch(event.request);
  asking.catch(() => {}); // when it fails after we lost our patience
  const slow = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  try {
    const answer = await Promise.race([asking, slow]);
    if (answer) {
      event.waitUntil(put(part, url.pathname, answer.clone()));
      return answer;
    }
  } catch {
    return (await lastSeen(url, part)) ?? (await nothing(url));
  }
  return (await lastSeen(url, part)) ?? asking.catch(() => nothing(url));
}

/** A page of a function: only the network has it. */
function online(request, url) {
  return fetch(request).catch(() => nothing(url));
}

async function lastSeen(url, part) {
  await tidy();
  const store = await caches.open(NAME(part));
  const found = await store.match(url.pathname);
  if (!found) return null;
  const { language, words, zone } = languageOf(url);
  const how = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone: zone };
  const when = new Intl.DateTimeFormat(`${language}-BE`, how).format(new Date(found.headers.get(SEEN)));
  const note = `<p class="notice notice-warn offline-note" role="status">${words.replace("%(when)s", when)}</p>`;
  const html = (await found.text()).replace(/<main\b[^>]*>/, (main) => main + note);
  return new Response(html, { headers: found.headers });
}

async function nothing(url) {
  const store = await caches.open(NAME("pages"));
  const found = (await store.match(SCOPE + languageOf(url).offline)) ?? (await store.match(SCOPE + SHELL.languages[0].offline));
  if (!found) return Response.error();
  // It links from its own depth, whatever the address is.
  const base = `<base href="${SCOPE}${languageOf(url).offline}">`;
  const html = (await found.text()).replace("<head>", `<head>${base}`);
  return new Response(html, { status: 503, headers: found.headers });
}

/** What is kept, else the network; for what never changes under its name. */
async function kept(part, event) {
  const store = await caches.open(NAME(part));
  const found = await store.match(event.request);
  return found ?? asked(part, event);
}

/** What is kept at once, and the network behind it for the next time, unless its name already says its content. */
async function soon(part, event) {
  const store = await caches.open(NAME(part));
  const found = await store.match(event.request);
  if (!found) return asked(part, event);
  if (!/immutable/.test(found.headers.get("cache-control") ?? "")) event.waitUntil(asked(part, event).catch(() => {}));
  return found;
}

async function asked(part, event) {
  const answer = await fetch(event.request);
  event.waitUntil(put(part, event.request, answer.clone()));
  return answer;
}

function isWorth(part, answer) {
  const may = part === "tickets" ? !isOver(answer) : !/no-store/.test(answer.headers.get("cache-control") ?? "");
  return answer.status === 200 && answer.type === "basic" && !answer.redirected && may;
}

/** Whether the moment that an order's answer named is past, or it named none. */
function isOver(answer) {
  return !(new Date(answer.headers.get(UNTIL) ?? "") > new Date());
}

/** Orders that are over go. */
async function tidy() {
  if (!(await caches.has(NAME("tickets")))) return;
  const store = await caches.open(NAME("tickets"));
  for (const key of await store.keys()) if (isOver(await store.match(key))) await store.delete(key);
}

/** Keep it with the moment; the oldest of too many go. */
async function put(part, key, answer) {
  const store = await caches.open(NAME(part));
  if (part === "tickets" && (answer.ok || answer.status === 404)) await store.delete(key);
  if (!isWorth(part, answer)) return;
  const headers = new Headers(answer.headers);
  headers.set(SEEN, new Date().toISOString());
  headers.delete("content-encoding");
  headers.delete("content-length");
  await store.delete(key);
  await store.put(key, new Response(await answer.blob(), { status: 200, headers }));
  const keys = await store.keys();
  const shell = new Set(SHELL.assets.concat(SHELL.languages.flatMap((one) => one.pages)).map((path) => SCOPE + path));
  const spare = keys.filter((one) => !shell.has(new URL(one.url).pathname));
  await Promise.all(spare.slice(0, Math.max(0, keys.length - MOST[part])).map((one) => store.delete(one)));
}

function languageOf(url) {
  const path = url.pathname.slice(SCOPE.length);
  return SHELL.languages.find((one) => one.prefix && path.startsWith(one.prefix)) ?? SHELL.languages[0];
}
