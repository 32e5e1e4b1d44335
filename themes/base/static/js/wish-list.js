/**
 * <wish-list>: one's own list, with what one can do with it. It works without a network from what was kept; with one, the site
 * is asked what changed since.
 * What of it is sold through us goes into the basket with one form.
 */
import { announce, say } from "./wish-button.js";
import { SITE, drop, forgetShared, keep, noteShared, shared, wishes } from "./wishes.js";

class WishList extends HTMLElement {
  connectedCallback() {
    this.piece = (name) => this.querySelector(`.${name}`);
    this.fresh = new Map();
    this.piece("wish-share").addEventListener("click", () => this.share());
    this.piece("wish-undo").querySelector("button").addEventListener("click", () => this.putBack());
    window.addEventListener("wishes", () => this.show());
    this.show();
    this.refresh();
  }

  show() {
    const now = new Date();
    const list = wishes().map((one) => ({ ...one, over: isOver(one, now) }));
    list.sort((a, b) => a.over - b.over || a.iso.localeCompare(b.iso));
    this.list = list;
    this.piece("wish-lines").replaceChildren(...list.map((one) => this.line(one)));
    this.piece("wish-none").hidden = list.length > 0;
    this.piece("wish-actions").hidden = !list.length;
    this.fillForm();
    const asked = list.map((one) => `p=${encodeURIComponent(one.id)}`).join("&");
    this.piece("wish-calendar").href = `${this.dataset.feed}?${asked}`;
    const links = shared();
    this.piece("wish-shared-lists").hidden = !links.length;
    this.piece("wish-shared-lists").querySelector("ul").replaceChildren(...links.map((one) => this.link(one)));
  }

  line(one) {
    const line = this.piece("wish-one").content.firstElementChild.cloneNode(true);
    const state = this.fresh.get(one.id)?.state;
    const way = line.querySelector("a");
    way.textContent = one.title;
    way.href = new URL(one.url, SITE).href.startsWith(SITE.href) ? new URL(one.url, SITE).href : SITE.href;
    if (one.lang && one.lang !== document.documentElement.lang) way.lang = one.lang;
    line.querySelector(".wish-when").textContent = one.when || say(one.iso);
    line.querySelector(".wish-place").textContent = one.place;
    line.querySelector(".wish-state").hidden = !state;
    line.querySelector(".wish-state > span").textContent = state ?? "";
    line.classList.toggle("wish-over", one.over);
    const remove = line.querySelector("button");
    remove.lastElementChild.textContent = `, ${one.title}`;
    remove.addEventListener("click", () => this.remove(one, line));
    return line;
  }

  /** Take it off, keep the way back open, and leave the focus where the visitor was. */
  remove(one, line) {
    const place = [...line.parentElement.children].indexOf(line);
    this.removed = wishes().find((wish) => wish.id === one.id);
    drop(one.id);
    const undo = this.piece("wish-undo");
    undo.hidden = false;
    undo.firstElementChild.textContent = `${one.title}: ${document.querySelector(".wish-way")?.dataset.dropped ?? ""}`;
    const left = this.piece("wish-lines").querySelectorAll(".wish-remove");
    (left[Math.min(place, left.length - 1)] ?? undo.querySelector("button")).focus();
  }

  putBack() {
    keep(this.removed);
    this.piece("wish-undo").hidden = true;
    document.querySelector("h1").focus();
    announce(document.querySelector(".wish-way")?.dataset.kept);
  }

  /** What the site says of these dates now: another day, another hall, cancelled. */
  async refresh() {
    if (!this.list.length || !navigator.onLine) return;
    const query = this.list.map((one) => `p=${encodeURIComponent(one.id)}`).join("&");
    try {
      const answer = await this.ask(`?${query}`);
      if (!answer.ok) return;
      const { items } = await answer.json();
      this.fresh = new Map(items.map((item) => [item.id, item]));
      keep(...items.filter((item) => item.title).map(fromItem));
      this.show();
    } catch {
      // what was kept is what there is
    }
  }

  async share() {
    try {
      const answer = await this.ask("", {
        method: "POST", body: JSON.stringify({ performances: this.toShare() }),
        headers: { "content-type": "application/json" },
      });
      const made = await answer.json();
      if (!answer.ok) return this.tell(made.title);
      noteShared(made);
      this.tell("");
      document.getElementById("shared").focus();
      await send(made.url, document.title);
    } catch {
      this.tell(this.piece("wish-said").dataset.offline);
    }
  }

  /** What is still to come; what the site says it does not know any more cannot be shared. */
  toShare() {
    const known = (one) => !this.fresh.size || this.fresh.has(one.id);
    return this.list.filter((one) => !one.over && known(one)).map((one) => one.id);
  }

  link(one) {
    const line = this.piece("wish-link-one").content.firstElementChild.cloneNode(true);
    const field = line.querySelector("input");
    field.value = one.url;
    line.querySelector("a").href = one.url;
    line.querySelector(".wish-copy").addEventListener("click", async () => {
      field.select();
      await navigator.clipboard?.writeText(one.url).catch(() => {});
      announce(this.piece("wish-said").dataset.copied);
    });
    line.querySelector(".wish-delete").addEventListener("click", () => this.stop(one));
    return line;
  }

  async stop(one) {
    try {
      const answer = await this.ask(`/${one.token}`, { method: "DELETE", headers: { authorization: `Bearer ${one.secret}` } });
      if (!answer.ok && answer.status !== 404) return this.tell((await answer.json()).title);
      forgetShared(one.token);
      document.querySelector("h1").focus();
      announce(this.piece("wish-said").dataset.gone);
    } catch {
      this.tell(this.piece("wish-said").dataset.offline);
    }
  }

  /** The form that puts in the basket what can be bought: as the site says now, or as it was when it was kept. */
  fillForm() {
    const form = this.piece("wish-basket");
    if (!form) return;
    const can = ({ id, over, sold }) => !over && (this.fresh.size ? this.fresh.get(id)?.sold && !this.fresh.get(id).off : sold);
    const fields = this.list.filter(can).map(({ id }) => Object.assign(document.createElement("input"), { type: "hidden", name: "p", value: id }));
    this.piece("wish-sold").replaceChildren(...fields);
    form.hidden = !fields.length;
  }

  tell(words) {
    const said = this.piece("wish-said");
    said.textContent = words ?? "";
    said.hidden = !words;
  }

  /** Ask the function, in the language of the page. */
  ask(path, how = {}) {
    const headers = { "accept-language": document.documentElement.lang, accept: "application/json", ...how.headers };
    return fetch(this.dataset.api + path, { ...how, headers });
  }
}

/** The phone's own way to share; where there is none, the link stands on the page to be copied. */
async function send(url, title) {
  if (!navigator.share) return;
  try {
    await navigator.share({ url, title });
  } catch {
    // the visitor thought better of it
  }
}

export function fromItem(item) {
  const { id, title, url, when, place, lang = "", start = "", end = "", sold = false } = item;
  return { id, title, url, when, lang, place: place ?? "", iso: start, ends: end || start, sold: sold ? "yes" : "" };
}

function isOver(one, now) {
  const end = one.ends.length > 10 ? one.ends : `${one.ends}T23:59:59`;
  return Boolean(one.ends) && new Date(end) < now;
}

customElements.define("wish-list", WishList);
