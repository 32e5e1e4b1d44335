// Which documents and dates pass the filters, and the counts of each facet: a port of etalage/search/sieve.py.
import { ALWAYS, isoOf, parts, dayOf, weekdaysOf } from "./days.js";
import { AGES, EUROS, FACETS, FACILITIES, PERIODS, daysOf, near, periodOf } from "./filters.js";

const BIT = Object.fromEntries(FACETS.map((facet, n) => [facet, 1 << n]));

/** Counts documents per value, each once however many of its dates have it. */
class Tally {
  constructor(length) {
    this.counts = new Int32Array(length);
    this.seen = new Int32Array(length).fill(-1);
  }
  note(value, document) {
    if (this.seen[value] === document) return;
    this.seen[value] = document;
    this.counts[value]++;
  }
}

/** Passed: document → its dates that did. Without `counting` the table may be without its facts, if no filter needs them. */
export function sift(table, documents, filters, today, when, counting = true) {
  const places = (list, names) => new Set(names.length ? list.flatMap(([id], n) => (names.includes(id) ? [n] : [])) : []);
  const chosen = (name) => filters[name] ?? [];
  const [first, last] = daysOf(filters, today);
  const genres = places(table.genres, chosen("genre"));
  const houses = places(table.houses, chosen("house"));
  const venues = places((table.venues ?? []).map(({ id }) => [id]), chosen("venue"));
  const days = chosen("day").reduce((bits, day) => bits | (1 << (day - 1)), 0);
  const access = chosen("access").reduce((bits, name) => bits | (1 << FACILITIES.indexOf(name)), 0);
  const close = near(table, filters);
  const periods = PERIODS.map((name) => periodOf(name, today));
  const { day, last: end, weekdays, quarter, venue, cents, left } = table;

  const meets = (row, from, until, wanted) => {
    const start = Math.max(day[row], from);
    const stop = Math.min(end[row], until);
    if (start > stop) return false;
    if (wanted === 127 && weekdays[row] === 127) return true;
    return (weekdays[row] & wanted & weekdaysOf(start, stop)) !== 0;
  };
  const suits = (n, age) => table.ageMin[n] >= 0 && table.ageMin[n] <= age && (table.ageMax[n] < 0 || age <= table.ageMax[n]);
  const misses = (n) => {
    let bits = 0;
    if (chosen("genre").length && !table.genresOf[n].some((one) => genres.has(one))) bits |= BIT.genre;
    if (chosen("house").length && !table.housesOf[n].some((one) => houses.has(one))) bits |= BIT.house;
    if (filters.age != null && !suits(n, filters.age)) bits |= BIT.age;
    if (filters.uitpas && !table.uitpas[n]) bits |= BIT.uitpas;
    return bits;
  };
  const isFree = first === 0 && last === ALWAYS;
  const hasVenues = chosen("venue").length > 0;
  const rowMisses = (row) => {
    let bits = 0;
    if (!isFree && !meets(row, Math.max(first, today), last, 127)) bits |= BIT.date;
    if (days && !meets(row, today, ALWAYS, days)) bits |= BIT.day;
    if (hasVenues && !venues.has(venue[row])) bits |= BIT.venue;
    if (close && !(venue[row] >= 0 && close[venue[row]])) bits |= BIT.town;
    if (filters.price != null && !(cents[row] >= 0 && cents[row] <= filters.price)) bits |= BIT.price;
    if (access && access & ~table.access[row]) bits |= BIT.access;
    if (filters.left && !left[row]) bits |= BIT.left;
    return bits;
  };

  const months = new Map();
  const monthNames = [];
  const monthsOf = (from, until) => {
    const [year, month] = parts(from);
    const stop = Math.min(until, from + 366);
    const found = [];
    for (let n = year * 12 + month - 1; dayOf(Math.floor(n / 12), (n % 12) + 1, 1) <= stop; n++) {
      if (!months.has(n)) {
        months.set(n, monthNames.length);
        monthNames.push(isoOf(dayOf(Math.floor(n / 12), (n % 12) + 1, 1)).slice(0, 7));
      }
      found.push(PERIODS.length + months.get(n));
    }
    return found;
  };
  const memo = new Map();
  const monthsOnce = (from, until) => {
    if (from !== until) return monthsOf(from, until);
    if (!memo.has(from)) memo.set(from, monthsOf(from, until));
    return memo.get(from);
  };

  const sizes = {
    date: 600, day: 7, genre: table.genres?.length, venue: table.venues?.length, town: table.towns?.length, house: table.houses?.length,
    age: AGES.length, price: EUROS.length, uitpas: 1, access: FACILITIES.length, left: 1,
  };
  const tally = Object.fromEntries(FACETS.map((facet) => [facet, new Tally(counting ? sizes[facet] : 0)]));
  const note = (n, row, missed) => {
    const counts = (bit) => !(missed & ~bit);
    if (counts(BIT.date)) {
      periods.forEach(([a, b], p) => meets(row, Math.max(a, today), b, 127) && tally.date.note(p, n));
      for (const month of monthsOnce(Math.max(day[row], today), end[row])) tally.date.note(month, n);
    }
    if (counts(BIT.day)) {
      const bits = weekdays[row] & weekdaysOf(Math.max(day[row], today), end[row]);
      for (let d = 0; d < 7; d++) if ((bits >> d) & 1) tally.day.note(d, n);
    }
    if (counts(BIT.genre)) for (const genre of table.genresOf[n]) tally.genre.note(genre, n);
    if (counts(BIT.house)) for (const house of table.housesOf[n]) tally.house.note(house, n);
    const at = venue[row];
    if (at >= 0 && counts(BIT.venue)) tally.venue.note(at, n);
    if (at >= 0 && table.venues[at].town >= 0 && counts(BIT.town)) tally.town.note(table.venues[at].town, n);
    if (counts(BIT.age)) for (let a = 0; a < AGES.length; a++) if (suits(n, AGES[a])) tally.age.note(a, n);
    if (cents[row] >= 0 && counts(BIT.price)) {
      for (let p = 0; p < EUROS.length; p++) if (cents[row] <= EUROS[p] * 100) tally.price.note(p, n);
    }
    if (table.access[row] && counts(BIT.access)) {
      for (let f = 0; f < FACILITIES.length; f++) if ((table.access[row] >> f) & 1) tally.access.note(f, n);
    }
    if (table.uitpas[n] && counts(BIT.uitpas)) tally.uitpas.note(0, n);
    if (left[row] && counts(BIT.left)) tally.left.note(0, n);
  };

  const passed = new Map();
  const since = Math.max(when.first, today);
  for (const n of documents) {
    const whole = misses(n);
    if (whole & (whole - 1)) continue;
    for (let row = table.from[n]; row < table.from[n + 1]; row++) {
      if (end[row] < today || (quarter[row] < when.quarter && quarter[row] !== 96)) continue;
      if (!meets(row, since, when.last, when.weekdays)) continue;
      const missed = whole | rowMisses(row);
      if (missed & (missed - 1)) continue;
      if (!missed) {
        const rows = passed.get(n);
        if (rows) rows.push(row);
        else passed.set(n, [row]);
      }
      if (counting) note(n, row, missed);
    }
  }

  if (!counting) return { passed, counts: {} };
  const names = {
    date: [...PERIODS, ...monthNames], day: ["1", "2", "3", "4", "5", "6", "7"], genre: table.genres.map(([id]) => id),
    venue: table.venues.map(({ id }) => id), town: table.towns.map(([id]) => id), house: table.houses.map(([id]) => id),
    age: AGES, price: EUROS, uitpas: ["1"], access: FACILITIES, left: ["1"],
  };
  const counts = {};
  for (const facet of FACETS) {
    counts[facet] = {};
    tally[facet].counts.forEach((count, n) => count && (counts[facet][names[facet][n]] = count));
  }
  return { passed, counts };
}
