// The filters of the search and how they stand in an address: a port of etalage/search/filters.py and places.py.
import { kilometres } from "../distance.js";
import { ALWAYS, dayOf, monthEnd, parts, read, weekdayOf } from "./days.js";

export const PERIODS = ["today", "tomorrow", "weekend", "week", "month"];
export const AGES = [3, 6, 9, 12, 16];
export const EUROS = [0, 10, 20, 30];
export const FACETS = ["date", "day", "genre", "venue", "town", "house", "age", "price", "uitpas", "access", "left"];
export const FACILITIES =
  "wheelchair companion hearing_loop sign_language audio_description captions relaxed adapted_toilet reserved_parking assistance_dog".split(" ");
const LISTS = ["genre", "venue", "town", "house", "access"];

/** The filters in an address. What cannot be read is left out: an address may have been typed by hand. */
export function readFilters(params) {
  const all = (name) => [...new Set(params.getAll(name).flatMap((value) => value.split(",")).map((value) => value.trim()))].filter(Boolean);
  const whole = (text, least, most) => (/^\d{1,5}$/.test(text ?? "") && +text >= least && +text <= most ? +text : null);
  const filters = {};
  const [date] = all("date");
  if (date && (PERIODS.includes(date) || span(date))) filters.date = date;
  for (const name of ["from", "until"]) if (read(all(name)[0] ?? "") !== null) filters[name] = all(name)[0];
  const day = all("day").map((text) => whole(text, 1, 7)).filter(Boolean);
  if (day.length) filters.day = [...new Set(day)].sort();
  for (const name of LISTS) {
    const values = all(name).filter((value) => name !== "access" || FACILITIES.includes(value));
    if (values.length) filters[name] = values;
  }
  for (const [name, least, most] of [["km", 1, 500], ["age", 0, 120]]) {
    const number = whole(all(name)[0], least, most);
    if (number !== null) filters[name] = number;
  }
  const [price] = all("price");
  if (/^\d{1,5}(\.\d{0,2})?$/.test(price ?? "")) filters.price = Math.round(+price * 100);
  for (const name of ["uitpas", "left"]) if (all(name)[0] === "1") filters[name] = true;
  return filters;
}

/** The filters as they stand in an address, always in the same order; `here` is left out: it is the visitor's own. */
export function writeFilters(filters) {
  const params = new URLSearchParams();
  const add = (name, values) => values.forEach((value) => params.append(name, value));
  for (const name of ["date", "from", "until"]) if (filters[name]) params.append(name, filters[name]);
  add("day", filters.day ?? []);
  for (const name of ["genre", "venue", "town"]) add(name, filters[name] ?? []);
  if (filters.km != null) params.append("km", filters.km);
  add("house", filters.house ?? []);
  if (filters.age != null) params.append("age", filters.age);
  if (filters.price != null) params.append("price", (filters.price / 100).toFixed(2).replace(/\.00$/, ""));
  if (filters.uitpas) params.append("uitpas", "1");
  add("access", filters.access ?? []);
  if (filters.left) params.append("left", "1");
  return params;
}

export function daysOf(filters, today) {
  let [first, last] = filters.date ? periodOf(filters.date, today) : [0, ALWAYS];
  if (filters.from) first = Math.max(first, read(filters.from));
  if (filters.until) last = Math.min(last, read(filters.until));
  return [first, last];
}

export function periodOf(name, today) {
  const [year, month] = parts(today);
  const sunday = today + 6 - weekdayOf(today);
  switch (name) {
    case "today":
      return [today, today];
    case "tomorrow":
      return [today + 1, today + 1];
    case "weekend":
      return [Math.max(today, sunday - 1), sunday];
    case "week":
      return [today, today + 6];
    case "month":
      return [today, monthEnd(year, month)];
    default:
      return span(name) ?? [0, ALWAYS];
  }
}

function span(text) {
  const month = /^(\d{4})-(\d\d)$/.exec(text);
  if (month && +month[2] >= 1 && +month[2] <= 12) return [dayOf(+month[1], +month[2], 1), monthEnd(+month[1], +month[2])];
  const day = read(text);
  return day === null ? null : [day, day];
}

/** Per venue whether it is near enough; null when nobody asks. */
export function near(table, filters) {
  const towns = filters.town ?? [];
  if (!towns.length && !filters.here) return null;
  const inside = table.venues.map((venue) => venue.town >= 0 && towns.includes(table.towns[venue.town][0]));
  const away = distances(table, filters);
  if (filters.km == null || !away) return towns.length ? inside : null;
  return inside.map((within, n) => within || away[n] <= filters.km);
}

/** Per venue how many kilometres from `here`, else from the nearest of the towns; null when that is not known. */
export function distances(table, filters) {
  const centres = filters.here ? [filters.here] : (filters.town ?? []).map((town) => centre(table, town)).filter(Boolean);
  if (!centres.length) return null;
  return table.venues.map((venue) =>
    isPlaced(venue) ? Math.min(...centres.map((one) => kilometres(one, [venue.latitude, venue.longitude]))) : Infinity,
  );
}

const isPlaced = (venue) => venue.latitude !== null && venue.longitude !== null;

function centre(table, town) {
  const there = table.venues.filter((venue) => isPlaced(venue) && venue.town >= 0 && table.towns[venue.town][0] === town);
  const middle = (name) => there.reduce((sum, venue) => sum + venue[name], 0) / there.length;
  return there.length ? [middle("latitude"), middle("longitude")] : null;
}
