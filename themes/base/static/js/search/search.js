/**
 * The search of a site, in the browser: `const index = await open(base); await index.find("jazz vrijdag", { filters, limit: 20 })`.
 *
 * docs/reference/search.md has what goes in and what comes out. It reads only the files a question needs, as plain GETs. A newer
 * question makes an older one stop with an AbortError; what that one was fetching is kept for the next.
 */
import { ALWAYS, isoOf, today as todayIn } from "./days.js";
import { distances } from "./filters.js";
import { sift } from "./sieve.js";
import { Store, documentsOf } from "./store.js";
import { ANY, both, isAny, numeric, readTimes } from "./times.js";
import { split, words } from "./words.js";

export { readFilters, writeFilters } from "./filters.js";

const [WHOLE, BEGUN, PARTED, MENDED] = [100, 60, 80, 80];
const MOST_BEGINNINGS = 64;
const MOST_WORDS = 12;
const MOST_DATES = 5;
const STEMMERS = {
  __proto__: null,
  nl: () => import("./stem/nl.js"),
  fr: () => import("./stem/fr.js"),
  en: () => import("./stem/en.js"),
  de: () => import("./stem/de.js"),
};
const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Open the index whose index.json is at `base`, an address that ends with a slash. */
export async function open(base) {
  const hint = new URL(base).pathname.split("/").findLast(Boolean); // its folder is called after its language
  STEMMERS[hint]?.().catch(() => {}); // comes along with the manifest
  const answer = await fetch(new URL("index.json", base), { cache: "no-cache" });
  if (!answer.ok) throw new Error(`index.json: ${answer.status}`);
  const manifest = await answer.json();
  const store = new Store(base, manifest);
  const stemmer = await STEMMERS[manifest.language]?.();
  return new Index(store, (word) => (stemmer && /^[a-z]+$/.test(word) ? stemmer.stem(word) : word));
}

class Index {
  constructor(store, stem) {
    const { words: language } = store.manifest;
    this.store = store;
    this.stem = stem;
    this.language = { shy: [], into: [], this: [], next: [], ...language, stop: new Set(language.stop) };
    this.latest = 0;
  }

  /** Ids with names of genres, venues, towns and houses, sorted by name. */
  async facets() {
    const table = await this.store.table(true);
    const sorted = (pairs) => pairs.toSorted(([, a], [, b]) => a.localeCompare(b, this.store.manifest.language));
    const venues = table.venues.map(({ id, name }) => [id, name]);
    return { genre: sorted(table.genres), venue: sorted(venues), town: sorted(table.towns), house: sorted(table.houses) };
  }

  async find(text, { filters = {}, sort = "", now = new Date(), offset = 0, limit = 20, counts = true, signal } = {}) {
    const turn = ++this.latest;
    const check = () => {
      signal?.throwIfAborted();
      if (turn !== this.latest) throw new DOMException("a newer question was asked", "AbortError");
    };
    const today = todayIn(now, this.store.manifest.timezone);
    const isDated = Object.keys(filters).every((name) => ["date", "from", "until", "day"].includes(name));
    const tableComes = this.store.table(counts || !isDated || sort === "price" || sort === "distance");
    tableComes.catch(() => {});
    const ask = async (asked) => {
      const { scores, corrected } = asked.words.length ? await this.score(asked, check) : { scores: null, corrected: null };
      const table = await tableComes;
      check();
      const among = scores ? [...scores.keys()].sort((a, b) => a - b) : Array(table.count).keys();
      return { asked: { ...asked, corrected }, scores, table, ...sift(table, among, filters, today, asked.when, counts) };
    };
    const asked = this.read(text, today);
    const isAll = !asked.words.length && isAny(asked.when);
    const key = isAll ? JSON.stringify([filters, today, counts]) : "";
    let found = isAll && this.all?.key === key ? this.all.found : await ask(asked);
    if (isAll) this.all = { key, found }; // every question begins as an empty one, and that is the longest list
    if (!found.passed.size && !isAny(found.asked.when)) {
      const again = await ask(this.read(text, today, false));
      if (again.passed.size) found = again;
    }
    const sorted = inOrder(found, sort || (found.asked.words.length ? "relevance" : "date"), filters, today);
    const page = sorted.slice(offset, offset + limit);
    const cards = await Promise.all(page.map((n) => this.store.card(n)));
    check();
    const far = filters.here || filters.town ? distances(found.table, filters) : null;
    const results = page.map((n, place) => this.result(n, cards[place], found.passed.get(n), found.table, far));
    return { total: sorted.length, results, counts: found.counts, understood: understood(found.asked) };
  }

  /** The words and the time of a text: Understanding.read in Python. */
  read(text, today, withTimes = true) {
    const [dated, rest] = withTimes ? numeric(text, today) : [ANY, text];
    const all = words(rest);
    const [spoken, left] = withTimes ? readTimes(all, this.language, today) : [ANY, all];
    const when = both(dated, spoken);
    let telling = left.filter((word) => !this.language.stop.has(word));
    if (!telling.length && isAny(when)) telling = left;
    telling = telling.slice(0, MOST_WORDS);
    const begun = telling.length > 0 && telling.at(-1) === all.at(-1) && /[\p{L}\p{N}]$/u.test(rest);
    return { words: telling, when, begun, spoken: left.slice(0, MOST_WORDS) };
  }

  /** Documents with all the words, else with most of them, and their scores: Understanding.search in Python. */
  async score(asked, check) {
    const last = asked.words.length - 1;
    const each = await Promise.all(asked.words.map((word, n) => this.word(word, asked.begun && n === last)));
    check();
    const found = new Map();
    const instead = new Map();
    let corrected = null;
    for (const [place, word] of asked.words.entries()) {
      let scores = each[place];
      if (!scores.size) {
        const mended = await this.mend(word);
        check();
        scores = mended.scores;
        corrected ??= mended.corrected;
        if (mended.corrected) instead.set(word, mended.corrected.to);
      }
      for (const [n, score] of scores) {
        const sum = found.get(n);
        if (sum) {
          sum[0]++;
          sum[1] += score;
        } else found.set(n, [1, score]);
      }
    }
    const spoken = asked.spoken.map((word) => instead.get(word) ?? word);
    const pairs = spoken.slice(1).map((word, n) => `${this.stem(spoken[n])} ${this.stem(word)}`);
    pairs.push(`${spoken[0]} ^`, `${spoken.at(-1)} $`);
    for (const entry of await Promise.all(pairs.map((pair) => this.store.term(pair)))) {
      for (const [n, score] of entry ? add(new Map(), entry, WHOLE) : []) {
        const sum = found.get(n);
        if (sum) sum[1] += score;
      }
    }
    check();
    let most = 0;
    for (const [matched] of found.values()) most = Math.max(most, matched);
    const scores = new Map();
    for (const [n, [matched, total]] of found) if (matched === most) scores.set(n, total);
    return { scores, corrected };
  }

  async word(word, begun) {
    const stem = this.stem(word);
    const [whole, longer] = await Promise.all([
      this.store.term(stem),
      begun && [...word].length >= 3 ? this.store.termsFrom(word) : [],
    ]);
    const isBeginning = !whole && longer.length > 0;
    const isPart = (stem) => this.store.isPart(stem);
    const parts = this.language.compounds && !isBeginning ? await split(word, isPart, this.stem) : [];
    const scores = new Map();
    longer.sort(([a, one], [b, other]) => other.count - one.count || order(a, b));
    for (const [term, entry] of longer.slice(0, MOST_BEGINNINGS)) if (term !== stem) add(scores, entry, BEGUN);
    if (whole) add(scores, whole, WHOLE);
    if (parts.length) {
      const each = await Promise.all(parts.map(async (part) => add(new Map(), await this.store.term(part), PARTED)));
      for (const n of each[0].keys()) {
        if (!each.every((one) => one.has(n))) continue;
        const middle = Math.floor(each.reduce((sum, one) => sum + one.get(n), 0) / each.length);
        if (middle > (scores.get(n) ?? 0)) scores.set(n, middle);
      }
    }
    return scores;
  }

  /** What a word that is not known may have meant. */
  async mend(word) {
    const { neighbours, tail } = await import("./mend.js");
    const near = await neighbours(word, this.store);
    const last = near.length || !this.language.compounds ? "" : await tail(word, this.store, this.language.stop);
    const stems = new Set((last ? [last] : near).map(this.stem));
    const scores = new Map();
    for (const entry of await Promise.all([...stems].map((stem) => this.store.term(stem)))) {
      if (entry) add(scores, entry, last ? PARTED : MENDED);
    }
    return { scores, corrected: near.length ? { from: word, to: near[0] } : null };
  }

  result(n, card, rows, table, far) {
    const [id, slug, title, subtitle, company, genres, house, houses, kind, uitpas, opens, closes, dates] = card;
    const away = nearest(table, rows, far);
    return {
      id, url: `${this.store.manifest.folder}${slug}/`, title, subtitle, company, genres, house, houses, kind, uitpas,
      period: opens || closes ? { from: opens, until: closes } : null,
      dates: dates.length ? rows.slice(0, MOST_DATES).map((row) => dateOf(table, row, dates[row - table.from[n]], id)) : [],
      more: Math.max(0, rows.length - MOST_DATES),
      distance: away < Infinity ? Math.round(away * 10) / 10 : null,
    };
  }
}

function add(scores, entry, factor) {
  const documents = documentsOf(entry);
  for (let at = 0; at < documents.length; at++) {
    const score = entry.weights[at] * factor;
    if (score > (scores.get(documents[at]) ?? 0)) scores.set(documents[at], score);
  }
  return scores;
}

/** By a key below 2³¹ and then by number: typed arrays sort ten thousand without a pause. */
function byNumber(numbers, keyOf) {
  const keys = Float64Array.from(numbers, (n) => keyOf(n) * 2 ** 21 + n).sort();
  return Array.from(keys, (key) => key % 2 ** 21);
}

function inOrder({ passed, scores, table }, sort, filters, today) {
  const numbers = [...passed.keys()];
  const soonest = (n) => {
    let first = Infinity;
    for (const row of passed.get(n)) first = Math.min(first, Math.max(table.day[row], today) * 128 + table.quarter[row]);
    return first;
  };
  if (sort === "relevance") return byNumber(numbers, (n) => 2 ** 24 - (scores?.get(n) ?? 0));
  if (sort === "date") return byNumber(numbers, soonest);
  const far = sort === "distance" ? distances(table, filters) : null;
  const keys = new Map(
    numbers.map((n) => {
      let first = 0;
      if (sort === "price") first = Math.min(...passed.get(n).map((row) => (table.cents[row] < 0 ? ALWAYS : table.cents[row])));
      if (far) first = nearest(table, passed.get(n), far);
      return [n, [first, soonest(n)]];
    }),
  );
  return numbers.sort((a, b) => {
    const [one, other] = [keys.get(a), keys.get(b)];
    return order(one[0], other[0]) || one[1] - other[1] || a - b;
  });
}

function nearest(table, rows, far) {
  if (!far) return Infinity;
  return Math.min(Infinity, ...rows.map((row) => (table.venue[row] >= 0 ? far[table.venue[row]] : Infinity)));
}

function dateOf(table, row, [performance, start, status, stock, hall, venue, town, cents], id) {
  return {
    performance: performance.startsWith("+") ? id + performance.slice(1) : performance,
    start, timed: table.quarter[row] < 96, venue, hall, town,
    status: status || "scheduled", stock: stock || "unknown", price: cents >= 0 ? cents : null,
  };
}

function understood({ words, when, corrected }) {
  const time = {
    from: when.first ? isoOf(when.first) : null,
    until: when.last < ALWAYS ? isoOf(when.last) : null,
    days: when.weekdays === 127 ? [] : [1, 2, 3, 4, 5, 6, 7].filter((day) => (when.weekdays >> (day - 1)) & 1),
    evening: when.quarter > 0,
  };
  return { words, corrected, when: isAny(when) ? null : time };
}
