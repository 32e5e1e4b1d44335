// An answer in words: dates, prices and counts, with the words that the build put on the page (plugins/agenda/search_page.py).
// functions/search_lines.py says the same for visitors without a script; tests/browser/test_search.py compares the two.

/** "%(num)s performances" with its values. */
export const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

/** Of [one, many], the one for so many. French has none in the singular. */
export function count(texts, number, language) {
  return fill(texts[(language === "fr" ? number < 2 : number === 1) ? 0 : 1], { num: number });
}

/** € 12 or € 12,50: the page has € 1 and € 1,50 as its language writes them. */
export function money(cents, words) {
  if (!cents) return words.free;
  const [whole, parted] = words.money;
  const [euros, rest] = [String(Math.floor(cents / 100)), String(cents % 100).padStart(2, "0")];
  return rest === "00" ? whole.replace("1", euros) : parted.replace("50", rest).replace("1", euros);
}

/** The parts of "2026-12-05…": weekday, number and month. */
export function leaf(iso, words) {
  const [year, month, day] = iso.slice(0, 10).split("-").map(Number);
  const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  return { weekday: words.weekdays[weekday], number: String(day), month: words.months[month - 1], year };
}

/** "za 5 dec"; a month alone is "dec 2026". */
export function day(iso, words) {
  if (iso.length === 7) return `${leaf(`${iso}-01`, words).month} ${iso.slice(0, 4)}`;
  const { weekday, number, month } = leaf(iso, words);
  return `${weekday} ${number} ${month}`;
}

/** A result as its row shows it: the parts of found.html. */
export function line(result, words, today) {
  const [date] = result.dates;
  const from = result.period?.from;
  const until = result.period?.until;
  const coming = !date && from > today;
  const iso = date ? date.start : (coming ? from : until) || from || "";
  const shown = iso ? leaf(iso, words) : null;
  return {
    url: result.url,
    title: result.title,
    isOff: date?.status === "cancelled",
    iso: date && !date.timed ? iso.slice(0, 10) : iso,
    above: shown ? (date ? shown.weekday : coming || !until ? words.since : words.until) : "",
    number: shown?.number ?? "",
    month: shown?.month ?? "",
    by: result.subtitle || result.company,
    meta: meta(result, date, words).filter(Boolean).join(" · "),
    states: states(date, words),
  };
}

function meta(result, date, words) {
  const more = result.dates.length + result.more - 1;
  return [
    date?.timed && date.start.slice(11, 16).replace(":", words.clock),
    result.genres[0] ?? words.kinds[result.kind],
    words.cluster && result.house,
    date && (date.hall || (words.cluster ? "" : date.venue)),
    words.cluster && date?.town,
    price(result, date, words),
    result.uitpas && "UiTPAS",
    more > 0 && count(words.more, more, words.language),
    result.distance > 0 && fill(words.distance, { km: distance(result.distance, words) }),
  ];
}

function price(result, date, words) {
  if (!date || date.price === null) return result.kind === "walkin" ? words.free : "";
  return date.price ? fill(words.from_price, { amount: money(date.price, words) }) : words.free;
}

/** Kilometres, whole from ten on. */
function distance(km, words) {
  const text = km < 10 ? km.toFixed(1) : String(Math.round(km));
  return words.language === "en" ? text : text.replace(".", ",");
}

function states(date, words) {
  if (!date) return [];
  return [
    [date.status, words.status[date.status]],
    [date.stock, date.status === "cancelled" ? "" : words.stock[date.stock]],
  ].filter(([, label]) => label);
}

/** What the words of a question said of the time: "vr 27 nov", "za 5 dec tot zo 6 dec, maandag, 's avonds". */
export function time({ from, until, days, evening }, words) {
  const parts = [];
  if (from && from === until) parts.push(day(from, words));
  else if (from && until) parts.push(fill(words.between, { first: day(from, words), last: day(until, words) }));
  else if (from) parts.push(fill(words.day_from, { day: day(from, words) }));
  else if (until) parts.push(fill(words.day_until, { day: day(until, words) }));
  parts.push(...days.map((number) => words.long_weekdays[number - 1]));
  if (evening) parts.push(words.evening);
  return parts.join(", ");
}
