// A question: words, filters, order and how far down the list; as it stands in an address, and as it stands in the form.
import { readFilters, writeFilters } from "../../js/search/filters.js";
import { day, fill, money } from "./saying.js";

export const SORTS = ["relevance", "date", "price", "distance"];
const FILTERS = ["date", "from", "until", "day", "genre", "venue", "town", "km", "house", "age", "price", "uitpas", "access", "left"];

/** The question of an address, and the names of what in it cannot be read. */
export function read(params) {
  const unreadable = FILTERS.filter((name) =>
    params
      .getAll(name)
      .flatMap((value) => value.split(","))
      .some((value) => value.trim() && !writeFilters(readFilters(new URLSearchParams([[name, value]]))).has(name)),
  );
  const sort = params.get("sort") ?? "";
  if (sort && !SORTS.includes(sort)) unreadable.push("sort");
  const page = params.get("page") ?? "1";
  const far = /^[1-9]\d?$/.test(page);
  if (!far) unreadable.push("page");
  return {
    q: (params.get("q") ?? "").slice(0, 200),
    filters: readFilters(params),
    sort: SORTS.includes(sort) ? sort : "",
    page: far ? Number(page) : 1,
    unreadable,
  };
}

/** The address of a question: "?q=jazz&genre=dans", or "?" for none. */
export function write({ q, filters, sort, page }) {
  const params = new URLSearchParams();
  if (q) params.append("q", q);
  for (const [name, value] of writeFilters(filters)) params.append(name, value);
  if (sort) params.append("sort", sort);
  if (page > 1) params.append("page", page);
  return `?${params}`;
}

/** The question in the form. `here` is where the visitor is, if told; it stands in no form and no address. */
export function fromForm(form, here) {
  return { ...read(new URLSearchParams(new FormData(form))), page: 1, unreadable: [], here };
}

/** Show a question in the form; a value that nobody had thought of is added to its filter. */
export function intoForm(form, { q, filters, sort }, words) {
  const pairs = [...writeFilters(filters)];
  form.elements.q.value = q;
  form.elements.sort.value = sort;
  for (const name of ["from", "until"]) if (form.elements[name]) form.elements[name].value = filters[name] ?? "";
  for (const [name, value] of pairs) if (!find(form, name, value)) add(form, name, value, words);
  for (const input of form.querySelectorAll(".choice > input")) {
    const chosen = pairs.some(([name, value]) => name === input.name && value === input.value);
    input.checked = chosen || (!input.value && !pairs.some(([name]) => name === input.name));
  }
  if (form.elements.km) form.elements.km.value = filters.km ?? "";
}

/** Every filter that is on: its name and value, and what it is called. */
export function chosen(form, { filters, here }, words) {
  const pairs = [...writeFilters(filters)].filter(([name]) => name !== "km" || here || filters.town);
  const named = pairs.map(([name, value]) => ({ name, value, label: label(form, name, value, words) }));
  return here ? [{ name: "here", value: "", label: words.here }, ...named] : named;
}

/** The question without one filter. */
export function without(question, { name, value }) {
  const filters = { ...question.filters };
  if (Array.isArray(filters[name])) filters[name] = filters[name].filter((one) => String(one) !== value);
  else delete filters[name];
  if (!filters[name]?.length) delete filters[name];
  const here = name === "here" ? null : question.here;
  if (!filters.town && !here) delete filters.km;
  return { ...question, filters, here, page: 1, unreadable: [] };
}

function find(form, name, value) {
  if (name === "from" || name === "until") return form.elements[name];
  return [...form.querySelectorAll(`[name="${name}"]`)].find((one) =>
    one.localName === "select" ? [...one.options].some((option) => option.value === value) : one.value === value,
  );
}

function add(form, name, value, words) {
  const text = unlisted(name, value, words);
  const select = form.querySelector(`select[name="${name}"]`);
  const choice = form.querySelector(`.choice:has(> [name="${name}"])`);
  if (select) select.add(new Option(text, value));
  else if (choice) {
    const one = choice.cloneNode(true);
    one.querySelector("input").value = value;
    one.querySelector(".choice-name").textContent = text;
    choice.parentElement.append(one);
  }
}

function label(form, name, value, words) {
  if (name === "from") return fill(words.day_from, { day: day(value, words) });
  if (name === "until") return fill(words.day_until, { day: day(value, words) });
  const found = find(form, name, value);
  return found?.closest(".choice")?.querySelector(".choice-name").textContent ?? unlisted(name, value, words);
}

function unlisted(name, value, words) {
  if (name === "date") return words.periods[value] ?? day(value, words);
  if (name === "age") return fill(words.age, { age: value });
  if (name === "price") return Number(value) ? fill(words.up_to, { amount: money(Math.round(value * 100), words) }) : words.free;
  if (name === "km") return fill(words.km, { km: value });
  if (name === "day") return words.long_weekdays[value - 1];
  return value;
}
