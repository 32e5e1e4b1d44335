/**
 * <etalage-agenda src="https://www.house.example/" genre="jazz" limit="5">…a link or an iframe…</etalage-agenda>
 *
 * The agenda of a house or a region, on any page. `src`: the front page of its site (of a language: …/fr/), or the address of one of
 * its JSON feeds. `genre`, `house`: as in the addresses of that site. `limit`: at most so many lines. `heading`: level of the titles
 * (3). `plain`: no style of ours, in the page itself, for the page's own style sheet; otherwise it stands apart (shadow DOM) and
 * listens to --etalage-ink, -quiet, -line, -link, -accent and -gap.
 *
 * What stands between the tags is shown until the agenda is there, and stays when it cannot come. No cookie, nothing is remembered;
 * one request to the house, and its pictures. Texts come from the data and are written as text, never as HTML.
 */
const STYLE = `
:host { display: block; font: inherit; color: var(--etalage-ink, inherit); }
.list { display: grid; gap: var(--etalage-gap, 1rem); margin: 0; padding: 0; list-style: none; }
.item { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 1rem; padding-block-end: var(--etalage-gap, 1rem); border-block-end: 1px solid var(--etalage-line, currentColor); }
.has-picture { grid-template-columns: minmax(4.5rem, 22%) minmax(0, 1fr); }
.picture { grid-row: span 5; inline-size: 100%; block-size: auto; aspect-ratio: 3 / 2; object-fit: cover; }
.title { margin: 0; font-size: 1.125em; line-height: 1.25; overflow-wrap: anywhere; }
.title a { display: inline-block; min-block-size: 24px; color: var(--etalage-link, inherit); }
.title a:focus-visible, .all a:focus-visible { outline: 3px solid var(--etalage-accent, currentColor); outline-offset: 2px; }
.when { margin: 0; font-weight: 700; }
.where, .state { margin: 0; color: var(--etalage-quiet, inherit); }
.off .title a { text-decoration: line-through; }
.all a { display: inline-block; padding-block: .5rem; color: var(--etalage-link, inherit); }
`;

class EtalageAgenda extends HTMLElement {
  static observedAttributes = ["src", "genre", "house", "limit", "plain", "heading"];
  #asked = 0;

  connectedCallback() {
    this.#show();
  }

  attributeChangedCallback(_, before, after) {
    if (this.isConnected && before !== after && this.#asked) this.#show();
  }

  async #show() {
    const turn = ++this.#asked;
    const feed = await read(addressOf(this));
    if (turn !== this.#asked || !this.isConnected) return;
    if (!feed) {
      this.dataset.state = "failed";
      return;
    }
    const limit = Number.parseInt(this.getAttribute("limit"), 10);
    const items = feed.items.slice(0, limit > 0 ? limit : undefined);
    const parts = drawn(items, feed, headingOf(this));
    if (this.hasAttribute("plain")) this.replaceChildren(...parts);
    else apart(this).replaceChildren(...parts);
    this.dataset.state = "shown";
    this.dispatchEvent(new CustomEvent("etalage:shown", { bubbles: true, detail: { count: items.length } }));
  }
}

/** The address of the data; "" when `src` is none. */
function addressOf(element) {
  const src = element.getAttribute("src") ?? "";
  let base;
  try {
    base = new URL(src, document.baseURI);
  } catch {
    return "";
  }
  if (!src || !/^https?:$/.test(base.protocol)) return "";
  if (base.pathname.endsWith(".json")) return base.href;
  const part = ["genre", "house"].find((name) => element.getAttribute(name));
  const folder = part ? `${part}/${encodeURIComponent(element.getAttribute(part))}/` : "";
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  return new URL(`embed/${folder}feed.json`, base).href;
}

async function read(address) {
  if (!address) return null;
  try {
    const answer = await fetch(address, { credentials: "omit", referrerPolicy: "strict-origin-when-cross-origin" });
    const feed = answer.ok ? await answer.json() : null;
    return Array.isArray(feed?.items) ? feed : null;
  } catch {
    return null;
  }
}

function headingOf(element) {
  const level = Number.parseInt(element.getAttribute("heading"), 10);
  return level >= 2 && level <= 6 ? `h${level}` : "h3";
}

function drawn(items, feed, heading) {
  const words = feed._etalage?.words ?? {};
  const list = made("ul", "list");
  list.lang = feed.language ?? "";
  list.setAttribute("role", "list"); // Safari forgets that a list without bullets is one
  list.append(...items.map((item) => line(item, heading)));
  const all = made("p", "all");
  if (words.all && feed._etalage.agenda) all.append(link(feed._etalage.agenda, words.all));
  return items.length ? [list, all] : [made("p", "none", words.none ?? ""), all];
}

function line(item, heading) {
  const facts = item._etalage ?? {};
  const entry = made("li", "item");
  if (facts.picture ?? item.image) {
    entry.classList.add("has-picture");
    const picture = made("img", "picture");
    Object.assign(picture, { loading: "lazy", decoding: "async", alt: "", width: 300, height: 200, src: facts.picture ?? item.image });
    entry.append(picture);
  }
  const title = made(heading, "title");
  title.append(link(item.url, item.title));
  entry.append(title);
  if (facts.when) {
    const when = made("p", "when");
    const time = made("time", "", facts.when);
    if (facts.start) time.dateTime = facts.start;
    when.append(time);
    entry.append(when);
  }
  const where = [facts.venue ?? facts.house, facts.city, facts.price].filter(Boolean).join(" · ");
  if (where) entry.append(made("p", "where", where));
  const state = facts.status_label || (["few", "none"].includes(facts.stock) ? facts.stock_label : "");
  if (state) entry.append(made("p", "state", state));
  entry.classList.toggle("off", facts.status === "cancelled");
  return entry;
}

function link(address, text) {
  const found = made("a", "", text);
  if (/^https?:\/\//.test(address)) found.href = address;
  return found;
}

function made(name, className, text = "") {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

/** The shadow root, with its style as a sheet and not as an element: a page's own policy need not allow inline styles. */
function apart(element) {
  if (element.shadowRoot) return element.shadowRoot;
  const root = element.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  return root;
}

if (!customElements.get("etalage-agenda")) customElements.define("etalage-agenda", EtalageAgenda);
