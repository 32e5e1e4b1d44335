// Time words become a time and leave the words: a port of etalage/search/times.py; the words themselves come with the index.
import { ALWAYS, dayOf, exact, holiday, monthEnd, parts, weekdayOf } from "./days.js";

export const ANY = { first: 0, last: ALWAYS, weekdays: 127, quarter: 0 };
const EVENING = 68;
const NUMERIC = /(?<![\p{L}\p{N}_/.-])(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?|(\d{1,2})[.-](\d{1,2})[.-](\d{4}))(?![\p{L}\p{N}_/-])/gu;
const NUMBER = /^(\d{1,2})(?:st|nd|rd|th|e|er|ste|de)?$/;
const YEAR = /^20\d\d$/;

export const both = (one, other) => ({
  first: Math.max(one.first, other.first),
  last: Math.min(one.last, other.last),
  weekdays: one.weekdays & other.weekdays,
  quarter: Math.max(one.quarter, other.quarter),
});
export const isAny = (when) => when.first === 0 && when.last === ALWAYS && when.weekdays === 127 && when.quarter === 0;

/** Take dates in figures out of the text. */
export function numeric(text, today) {
  let when = ANY;
  let rest = text;
  for (const found of text.matchAll(NUMERIC)) {
    const p = found.slice(1).map((group) => (group ? +group : 0));
    const [year, month, day] = p[0] ? p : p[3] ? [p[5], p[4], p[3]] : [p[8], p[7], p[6]];
    const one = oneDay(year, month, day, today);
    if (!one) continue;
    when = both(when, one);
    rest = rest.replace(found[0], " ");
  }
  return [when, rest];
}

/** Take the time words out; give the time and the words that are left. */
export function readTimes(words, language, today) {
  let when = ANY;
  const left = [];
  let afterTime = false;
  for (let at = 0; at < words.length; ) {
    const [taken, found] = phrase(words, at, language, today, afterTime);
    if (taken) {
      when = both(when, found);
      at += taken;
      afterTime = true;
    } else {
      left.push(words[at]);
      afterTime = afterTime && language.stop.has(words[at]);
      at++;
    }
  }
  return [when, left];
}

const codeOf = (language, words) => (Object.hasOwn(language.times, words) ? language.times[words] : undefined);

function phrase(words, at, language, today, afterTime) {
  for (let length = Math.min(3, words.length - at); length > 0; length--) {
    const code = codeOf(language, words.slice(at, at + length).join(" "));
    if (code && (code !== "n" || afterTime)) return [length, span(code, today)];
  }
  const isNext = language.next.includes(words[at]);
  if (isNext || language.this.includes(words[at])) {
    const code = codeOf(language, words[at + 1] ?? "");
    if (code && "yz".includes(code[0])) return [2, oneWeekday(code, today, isNext)];
  }
  return calendar(words, at, language, today);
}

function calendar(words, at, language, today) {
  const [here, following, third] = [words[at], words[at + 1] ?? "", words[at + 2] ?? ""];
  const monthOf = (word) => (Object.hasOwn(language.months, word) ? language.months[word] : 0);
  const dated = (number, month) => {
    const year = YEAR.test(third) ? +third : 0;
    const one = oneDay(year, month, +number[1], today);
    return one ? [year ? 3 : 2, one] : [0, ANY];
  };
  let number = NUMBER.exec(here);
  if (number && monthOf(following)) return dated(number, monthOf(following));
  const month = monthOf(here);
  if (!month) return [0, ANY];
  number = NUMBER.exec(following);
  if (number) return dated(number, month);
  if (language.shy.includes(here) && !(at && language.into.includes(words[at - 1]))) return [0, ANY];
  const said = YEAR.test(following) ? +following : 0;
  const [year, current] = parts(today);
  const its = said || year + (month < current ? 1 : 0);
  return [said ? 2 : 1, days(dayOf(its, month, 1), monthEnd(its, month))];
}

function span(code, today) {
  const [kind, rest] = [code[0], code.slice(1)];
  const monday = today - weekdayOf(today);
  const [year, month] = parts(today);
  switch (kind) {
    case "d":
      return days(today + +rest, today + +rest);
    case "e":
      return { ...days(today + +rest, today + +rest), quarter: EVENING };
    case "n":
      return { ...ANY, quarter: EVENING };
    case "f": {
      if (!rest) return { ...ANY, weekdays: 0b1100000 };
      const saturday = monday + 5 + 7 * +rest;
      return days(Math.max(saturday, today), saturday + 1);
    }
    case "k":
      return rest === "0" ? days(today, monday + 6) : days(monday + 7, monday + 13);
    case "m": {
      const end = monthEnd(year, month);
      return rest === "0" ? days(today, end) : days(end + 1, monthEnd(year, month + 1));
    }
    case "h":
      return days(...[-1, 0, 1].map((years) => holiday(rest, year + years)).find(([, last]) => last >= today));
    default:
      return { ...ANY, weekdays: 1 << (+rest - 1), quarter: kind === "z" ? EVENING : 0 };
  }
}

function oneWeekday(code, today, following) {
  const weekday = +code[1] - 1;
  const day = following ? today + 7 - weekdayOf(today) + weekday : today + ((weekday - weekdayOf(today) + 7) % 7);
  return { ...days(day, day), quarter: code[0] === "z" ? EVENING : 0 };
}

function oneDay(year, month, day, today) {
  const now = parts(today)[0];
  for (const its of year ? [year] : [now, now + 1]) {
    const found = exact(its, month, day);
    if (found !== null && (year || found >= today)) return days(found, found);
  }
  return null;
}

const days = (first, last) => ({ ...ANY, first, last });
