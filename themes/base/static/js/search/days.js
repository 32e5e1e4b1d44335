// Days as numbers since 1 January 1970, and the school holidays of Flanders: a port of etalage/search/table.py and holidays.py.
import { dayIn } from "../day.js";

export const ALWAYS = 2 ** 30;
const DAY = 86_400_000;

export const dayOf = (year, month, day) => Date.UTC(year, month - 1, day) / DAY;
export const parts = (day) => {
  const date = new Date(day * DAY);
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
};
export const isoOf = (day) => new Date(day * DAY).toISOString().slice(0, 10);
/** 0 is Monday. */
export const weekdayOf = (day) => (((day + 3) % 7) + 7) % 7;
export const monthEnd = (year, month) => Date.UTC(year, month, 0) / DAY;

/** The number of "2026-12-05", or null. */
export function read(text) {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  return found ? exact(+found[1], +found[2], +found[3]) : null;
}

/** The number of a day that exists, or null. */
export function exact(year, month, day) {
  const number = dayOf(year, month, day);
  const [y, m, d] = Number.isFinite(number) ? parts(number) : [];
  return y === year && m === month && d === day ? number : null;
}

export function today(now, timezone) {
  return read(dayIn(timezone, now));
}

export function weekdaysOf(first, last) {
  if (last - first >= 6) return 127;
  let bits = 0;
  for (let day = first; day <= last; day++) bits |= 1 << weekdayOf(day);
  return bits;
}

export function easter(year) {
  const floor = Math.floor;
  const [a, b, c] = [year % 19, floor(year / 100), year % 100];
  const h = (19 * a + b - floor(b / 4) - floor((b - floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const k = (32 + 2 * (b % 4) + 2 * floor(c / 4) - h - (c % 4)) % 7;
  const m = floor((a + 11 * h + 22 * k) / 451);
  const sum = h + k - 7 * m + 114;
  return dayOf(year, floor(sum / 31), (sum % 31) + 1);
}

const monday = (day, later) => day - weekdayOf(day) + (weekdayOf(day) >= later ? 7 : 0);

export function holiday(name, year) {
  let first;
  let weeks = 2;
  if (name === "summer") return [dayOf(year, 7, 1), dayOf(year, 8, 31)];
  if (name === "autumn") [first, weeks] = [monday(dayOf(year, 11, 1), 6), 1];
  else if (name === "christmas") first = monday(dayOf(year, 12, 25), 5);
  else if (name === "carnival") [first, weeks] = [easter(year) - 48, 1];
  else {
    const sunday = easter(year);
    const april = dayOf(year, 4, 1);
    first = april + ((7 - weekdayOf(april)) % 7);
    if (parts(sunday)[1] === 3) first = sunday + 1;
    else if (sunday > dayOf(year, 4, 15)) first = sunday - 13;
  }
  return [first - 2, first + 7 * weeks - 1];
}
