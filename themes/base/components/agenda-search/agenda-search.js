/**
 * <agenda-search> answers its own form while one types, from the index that the build wrote; a function answers it without a script.
 *
 * Typing replaces the address, choosing a filter is a step that the back button undoes. Nothing takes the focus away. What was
 * found is told after a pause. Where the visitor is stays here: it is in no address, no storage and no request.
 */
import { dayIn } from "../../js/day.js";
import { open } from "../../js/search/search.js";
import * as draw from "./answer.js";
import { chosen, fromForm, intoForm, read, without, write } from "./question.js";
import { count, fill } from "./saying.js";

const SIZE = 20;
const PAUSE = 700;
const WIDE = "(min-width: 60rem)";

class AgendaSearch extends HTMLElement {
  connectedCallback() {
    this.words = JSON.parse(this.dataset.words);
    this.form = this.querySelector("form");
    this.field = this.form.elements.q;
    this.index = open(new URL(this.dataset.index, document.baseURI));
    this.index.catch(() => {}); // told when it is needed
    this.restore(history.state?.y);
    this.openChosen();
    this.listen();
  }

  disconnectedCallback() {
    this.leaving?.abort();
  }

  listen() {
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    this.form.addEventListener("input", (event) => event.target === this.field && !event.isComposing && this.typed(), { signal });
    this.field.addEventListener("compositionend", () => this.typed(), { signal });
    this.field.addEventListener("keydown", (event) => this.key(event), { signal });
    this.addEventListener("change", (event) => event.target !== this.field && this.step(fromForm(this.form, this.question.here)), { signal });
    this.form.addEventListener("submit", (event) => this.submitted(event), { signal });
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    addEventListener("popstate", () => this.restore(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.restore(), { signal });
    const here = this.querySelector(".facet-here");
    if (here && navigator.geolocation) {
      here.hidden = false;
      here.addEventListener("click", () => this.locate(here), { signal });
    }
  }

  /** Show what the address asks. */
  restore(y) {
    this.question = { ...read(new URLSearchParams(location.search)), here: this.question?.here };
    intoForm(this.form, this.question, this.words);
    this.isFresh = true;
    return this.ask({ quiet: true, y });
  }

  /** A letter more or less. The first one after a finished question begins a new step. */
  typed() {
    const question = fromForm(this.form, this.question.here);
    if (question.q === this.question.q) return;
    if (this.isFresh && this.question.q) history.pushState(null, "", write(question));
    this.isFresh = false;
    this.question = question;
    this.ask({});
  }

  /** A filter more or less: a step of its own. */
  step(question) {
    this.remember();
    this.question = question;
    this.isFresh = true;
    history.pushState(null, "", write(question));
    return this.ask({});
  }

  submitted(event) {
    if (this.hasFailed) return; // the function answers
    event.preventDefault();
    this.remember();
    this.isFresh = true;
    if (event.submitter?.closest(".search-apply")) {
      this.querySelector(".search-filters").open = matchMedia(WIDE).matches;
      this.querySelector(".search-total").focus();
    }
  }

  key(event) {
    if (event.key !== "Escape" || !this.field.value || event.isComposing) return;
    event.preventDefault();
    this.field.value = "";
    this.typed();
  }

  clicked(event) {
    const link = event.target.closest("a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (link.closest(".search-next")) {
      event.preventDefault();
      this.more();
    } else if (link.closest(".search-chips, .search-without")) {
      event.preventDefault();
      this.remove(link);
    } else this.remember(); // on the way out: the list is found as it was
  }

  /** Take a filter away, or all; the focus goes to the next one. */
  async remove(link) {
    const place = [...this.querySelectorAll(".chip")].indexOf(link);
    const { item } = link;
    const question = item ? without(this.question, item) : { ...this.question, filters: {}, here: null, page: 1, unreadable: [] };
    this.said = fill(this.words.removed, { name: item?.label ?? link.textContent });
    intoForm(this.form, question, this.words);
    await this.step(question);
    const chips = link.closest(".search-without") ? [] : this.querySelectorAll(".chip");
    (chips[Math.min(Math.max(place, 0), chips.length - 1)] ?? this.querySelector(".search-total")).focus();
  }

  async more() {
    const shown = this.querySelectorAll(".search-list .found").length;
    this.question = { ...this.question, page: this.question.page + 1 };
    this.remember();
    await this.ask({});
    this.querySelectorAll(".search-list .found a")[shown]?.focus();
  }

  /** Once per tap: where the visitor is, as far as the device wants to tell. */
  locate(button) {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.disabled = false;
        this.step({ ...fromForm(this.form), here: [coords.latitude, coords.longitude] });
      },
      () => {
        button.disabled = false;
        this.querySelector(".search-notices").prepend(draw.notice(this, this.words.nowhere));
        this.tell(this.words.nowhere);
      },
      { maximumAge: 600_000, timeout: 15_000 },
    );
  }

  async ask({ quiet = false, y }) {
    const { question, words } = this;
    this.setAttribute("aria-busy", "true");
    try {
      const index = await this.index;
      const find = (one, limit) => index.find(one.q, { filters: { ...one.filters, ...(one.here && { here: one.here }) }, sort: order(one), limit });
      const answer = await find(question, SIZE * question.page);
      if (question !== this.question) return;
      const today = dayIn("Europe/Brussels", new Date());
      const list = answer.total
        ? draw.rows(this, answer.results, words, today)
        : await (await import("./help.js")).help(this, this.form, question, words, find, today);
      if (question !== this.question) return;
      this.show(question, answer, list);
      if (y) scrollTo({ top: y, behavior: "instant" });
      if (!quiet) this.later(draw.total(answer, question, words));
    } catch (error) {
      if (error.name !== "AbortError") this.fail(error);
    }
  }

  show(question, answer, list) {
    const { words } = this;
    const text = draw.total(answer, question, words);
    this.querySelector(".search-total").textContent = text;
    this.querySelector(".search-notices").replaceChildren(...draw.notices(this, question, answer, words));
    this.querySelector(".search-chips").replaceChildren(...draw.chips(this, this.form, question, words));
    this.querySelector(".search-list").replaceChildren(list);
    draw.counts(this.form, answer.counts);
    this.countChosen();
    const far = this.form.elements.sort.querySelector('[value="distance"]');
    far.hidden = far.disabled = !question.here && !question.filters.town;
    this.querySelector(".search-next").replaceChildren(...this.next(question, answer));
    this.querySelector(".search-apply .button").textContent = answer.total ? count(words.shows, answer.total, words.language) : words.show;
    this.removeAttribute("aria-busy");
  }

  next(question, answer) {
    if (answer.total <= SIZE * question.page) return [];
    const link = Object.assign(document.createElement("a"), { className: "button button-quiet", textContent: this.words.show_more });
    link.href = write({ ...question, page: question.page + 1 });
    return [link];
  }

  /** How many filters are on, beside the word that opens them. */
  countChosen() {
    const number = chosen(this.form, this.question, this.words).length;
    this.querySelector(".search-number").textContent = number ? `(${number})` : "";
  }

  openChosen() {
    for (const { name } of chosen(this.form, this.question, this.words)) {
      const facet = this.form.querySelector(`[name="${name}"]`)?.closest(".facet");
      if (facet) facet.open = true;
    }
  }

  /** The address says what is asked, and where on the page one was. */
  remember() {
    clearTimeout(this.waiting);
    history.replaceState({ y: scrollY }, "", write(this.question));
  }

  /** After a pause: the address follows, and a screen reader is told once. */
  later(text) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.remember();
      this.tell([this.said, text].filter(Boolean).join(" "));
      this.said = "";
    }, PAUSE);
  }

  tell(text) {
    const status = this.querySelector(".search-status");
    status.textContent = "";
    setTimeout(() => (status.textContent = text), 50);
  }

  /** The index cannot be had: from here on the form is sent to the function. */
  fail(error) {
    this.hasFailed = true;
    this.classList.add("search-failed");
    this.removeAttribute("aria-busy");
    if (!("answered" in this.dataset)) {
      this.querySelector(".search-notices").replaceChildren(draw.notice(this, this.words.failed));
      this.tell(this.words.failed);
    }
    console.warn("search:", error.message);
  }
}

/** By distance when the visitor said where they are, unless they chose otherwise; only where there is a place to count from. */
function order({ sort, here, filters }) {
  if (here && !sort) return "distance";
  return sort === "distance" && !here && !filters.town ? "" : sort;
}

customElements.define("agenda-search", AgendaSearch);
