// The files of an index: fetched when they are needed, once, inflated here, and read as docs/reference/search.md describes them.
import { weekdaysOf } from "./days.js";

const decoder = new TextDecoder();

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  get done() {
    return this.at >= this.bytes.length;
  }
  number() {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.bytes[this.at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }
  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  /** Words that share their beginning with the one before. */
  *words() {
    let before = new Uint8Array();
    while (!this.done) {
      const shared = this.number();
      const rest = this.take(this.number());
      const word = new Uint8Array(shared + rest.length);
      word.set(before.subarray(0, shared));
      word.set(rest, shared);
      before = word;
      yield decoder.decode(word);
    }
  }
}

export class Store {
  constructor(base, manifest) {
    this.base = base;
    this.manifest = manifest;
    this.kept = new Map();
    this.parts = new Set(manifest.parts);
    this.lists = {};
    for (const list of ["terms", "forward", "backward"]) {
      const { begin, names } = manifest[list];
      this.lists[list] = begin.map((word, n) => [word, this.name(names, n)]).sort(([a], [b]) => (a < b ? -1 : 1));
    }
  }

  /** The file of a list's nth piece: neighbours share a name. */
  name(names, n) {
    const { together } = this.manifest;
    return `${names[Math.floor(n / together)]}-${n % together}.bin`;
  }

  /** What `read` makes of a file; kept, unless it failed. */
  file(name, read) {
    if (!this.kept.has(name)) {
      const made = this.bytes(name).then((bytes) => read(new Reader(bytes)));
      made.catch(() => this.kept.delete(name));
      this.kept.set(name, made);
    }
    return this.kept.get(name);
  }

  async bytes(name) {
    const answer = await fetch(new URL(name, this.base));
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    const stream = answer.body.pipeThrough(new DecompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** The pieces of a list in which words with this beginning stand. */
  pieces(list, start) {
    const all = this.lists[list];
    let first = all.findIndex(([word]) => word > start);
    first = Math.max(0, (first < 0 ? all.length : first) - 1);
    const files = [];
    for (let n = first; n < all.length && (n === first || all[n][0].startsWith(start)); n++) files.push(all[n][1]);
    return files;
  }

  /** A term's entry, or undefined. */
  async term(word) {
    const all = this.lists.terms;
    let after = all.findIndex(([first]) => first > word);
    if (after < 0) after = all.length;
    return after ? (await this.file(all[after - 1][1], readTerms)).get(word) : undefined;
  }

  /** Whether a stem may be a part of a compound. Most that are asked are none, and show it in their first two letters. */
  async isPart(stem) {
    return this.parts.has(stem.slice(0, 2)) && ((await this.term(stem))?.isPart ?? false);
  }

  /** The entries of all terms that begin so; pairs of words are not among them. */
  async termsFrom(start) {
    const pieces = await Promise.all(this.pieces("terms", start).map((name) => this.file(name, readTerms)));
    return pieces.flatMap((piece) => [...piece].filter(([word]) => word.startsWith(start) && !word.includes(" ")));
  }

  /** Words as they are written, with how many documents have them; "backward" has them read from the end. */
  async wordsFrom(list, start) {
    const pieces = await Promise.all(this.pieces(list, start).map((name) => this.file(name, readWords)));
    return pieces.flat().filter(([word]) => word.startsWith(start));
  }

  /** When everything is; with `facts` also where, for how much and for whom. */
  async table(withFacts) {
    const { dates, facts, documents } = this.manifest;
    const more = withFacts ? this.file(facts, (reader) => reader) : null;
    const table = await this.file(dates, (reader) => readDates(reader, documents));
    if (more && !table.genres) readFacts(await more, table, documents);
    return table;
  }

  async card(number) {
    const { block, cards } = this.manifest;
    const there = await this.file(this.name(cards, Math.floor(number / block)), (reader) => JSON.parse(decoder.decode(reader.bytes)));
    return there[number % block];
  }
}

function readTerms(reader) {
  const terms = new Map();
  for (const word of reader.words()) {
    const count = reader.number();
    const gaps = reader.take(reader.number());
    terms.set(word, { count: count >> 1, isPart: count % 2 === 1, gaps, weights: reader.take(count >> 1), documents: null });
  }
  return terms;
}

/** The numbers of the documents that have a term. */
export function documentsOf(term) {
  if (!term.documents) {
    const reader = new Reader(term.gaps);
    const documents = new Uint32Array(term.count);
    let at = -1;
    for (let n = 0; n < term.count; n++) documents[n] = at += reader.number();
    term.documents = documents;
  }
  return term.documents;
}

function readWords(reader) {
  const words = [];
  for (const word of reader.words()) words.push([word, reader.number()]);
  return words;
}

function column(reader, length, change) {
  const numbers = new Int32Array(length);
  for (let n = 0; n < length; n++) numbers[n] = reader.number();
  if (change) for (let n = 0; n < length; n++) numbers[n] = change(numbers[n], n);
  return numbers;
}

function readDates(reader, count) {
  const lengths = column(reader, count);
  const from = new Uint32Array(count + 1);
  for (let n = 0; n < count; n++) from[n + 1] = from[n] + lengths[n];
  const rows = from[count];
  const day = new Int32Array(rows);
  let first = 0;
  for (let n = 0; n < count; n++) {
    let before = first;
    for (let row = from[n]; row < from[n + 1]; row++) {
      const step = reader.number();
      before += step % 2 ? -(step + 1) / 2 : step / 2;
      day[row] = before;
    }
    if (lengths[n]) first = day[from[n]];
  }
  const last = column(reader, rows, (length, row) => day[row] + length);
  const weekdays = column(reader, rows, (bits, row) => bits || weekdaysOf(day[row], last[row]));
  return { count, from, day, last, weekdays, quarter: column(reader, rows) };
}

function readFacts(reader, table, count) {
  const names = JSON.parse(decoder.decode(reader.take(reader.number())));
  const venues = names.venues.map(([id, name, town, latitude = null, longitude = null]) => ({ id, name, town, latitude, longitude }));
  const lists = () => {
    const all = [];
    for (let n = 0; n < count; n++) {
      const list = [];
      for (let left = reader.number(); left > 0; left--) list.push(reader.number());
      all.push(list);
    }
    return all;
  };
  const rows = table.from[count];
  Object.assign(table, names, { venues, genresOf: lists(), housesOf: lists() });
  table.ageMin = column(reader, count, (age) => age - 1);
  table.ageMax = column(reader, count, (age) => age - 1);
  table.uitpas = column(reader, count);
  table.venue = column(reader, rows, (number) => number - 1);
  table.cents = column(reader, rows, (number) => (number ? names.prices[number - 1] : -1));
  table.left = column(reader, rows);
  table.access = column(reader, rows);
}
