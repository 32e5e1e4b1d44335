/**
 * <wish-button data-id>: a heart that keeps a date. What it keeps is read from the line it stands in, so that the list can be
 * read without a network; the list asks the site for more when there is one.
 */
import { SITE, drop, isKept, keep, wishes } from "./wishes.js";

const HEART = "M12 20.5 4 12.3a5 5 0 0 1 7.1-7l.9.9.9-.9a5 5 0 0 1 7.1 7z";

let ids; // of what is kept; read once for all hearts of a page

class WishButton extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "wish";
    button.append(heart());
    const { heading, within } = linesOf(this);
    const day = this.closest(".day")?.querySelector(".day-head")?.firstChild.textContent;
    const when = within.querySelector("time")?.textContent;
    button.setAttribute("aria-label", [words().keep, heading.textContent, day, when].map(tidy).filter(Boolean).join(", "));
    button.addEventListener("click", () => this.toggle());
    this.append(button);
    this.show();
  }

  toggle() {
    const facts = factsOf(this);
    if (isKept(facts.id)) {
      drop(facts.id);
      announce(words().dropped);
    } else announce(words()[keep(facts)]);
  }

  show() {
    ids ??= new Set(wishes().map((one) => one.id));
    this.firstChild?.setAttribute("aria-pressed", String(ids.has(this.dataset.id)));
  }
}

/** The words, from the way to the list in the header. */
function words() {
  return document.querySelector(".wish-way")?.dataset ?? {};
}

/** Where a heart stands: the line, the heading that names it, and all that may be said of it. */
function linesOf(element) {
  const id = element.dataset.id;
  const line = element.closest("li") ?? document.querySelector(`li > wish-button[data-id="${CSS.escape(id)}"]`)?.closest("li");
  const heading = line?.querySelector(":is(h2, h3, h4) > a") ?? document.querySelector("h1");
  return { id, line, heading, within: line ?? element.closest("article") ?? document.body };
}

const tidy = (text) => text?.trim().replace(/\s+/g, " ") ?? "";

/** What a wish needs to be shown later: from the card, row or date that the heart stands in. */
export function factsOf(element) {
  const { id, line, heading, within } = linesOf(element);
  const url = heading.href ? new URL(heading.href) : new URL(line?.id ? `#${line.id}` : "", location.href.split("#")[0]);
  const text = (selector) => tidy(within.querySelector(selector)?.textContent);
  const iso = within.querySelector("time")?.dateTime ?? "";
  return {
    id, iso,
    title: heading.textContent.trim(),
    url: url.href.replace(SITE.href, ""),
    lang: heading.lang || heading.closest("[lang]").lang,
    when: iso ? say(iso) : text(".card-when, .wish-when, .period, .at-a-glance span span"),
    place: text(".performance-place, .row-meta, .card-meta, .wish-place"),
    ends: line?.dataset.end || iso,
    sold: document.querySelector(`[data-live="${CSS.escape(id)}"]`) ? "yes" : "",
  };
}

/** A moment, or a day, as the page's language says it. Not while a page loads: the first such call costs a phone 100 ms and more. */
export function say(iso) {
  const timed = iso.length > 10;
  const how = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: timed ? "Europe/Brussels" : "UTC" };
  if (timed) Object.assign(how, { hour: "2-digit", minute: "2-digit" });
  const language = document.documentElement.lang;
  const moment = new Date(iso);
  if (Number.isNaN(moment.valueOf())) return "";
  return new Intl.DateTimeFormat(`${language}-BE`, how).format(moment);
}

let voice;
/** Say it to who cannot see it. */
export function announce(text) {
  if (!text) return;
  voice ??= document.body.appendChild(
    Object.assign(document.createElement("p"), { className: "hidden", role: "status" }),
  );
  voice.textContent = "";
  setTimeout(() => (voice.textContent = text), 50); // the same words twice are heard twice
}

function heart() {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "wish-heart");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.appendChild(document.createElementNS(space, "path")).setAttribute("d", HEART);
  return svg;
}

if (document.querySelector(".wish-way")) {
  window.addEventListener("wishes", () => {
    ids = undefined;
    for (const button of document.querySelectorAll("wish-button")) button.show?.();
  });
  customElements.define("wish-button", WishButton);
}
