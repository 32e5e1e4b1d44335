// Puts an answer on the page: rows, counts, what is chosen and what was understood. help.js comes when nothing is found.
import { chosen, without, write } from "./question.js";
import { count, fill, line, time } from "./saying.js";

/** A copy of a <template>'s only element. */
export function part(host, name) {
  return host.querySelector(`template[data-part="${name}"]`).content.firstElementChild.cloneNode(true);
}

/** Put text in a part of a row, or take the part away. */
function put(row, selector, text) {
  const place = row.querySelector(selector);
  if (text) place.textContent = text;
  else place.remove();
}

/** A row of the list. */
export function row(host, result, words, today) {
  const said = line(result, words, today);
  const made = part(host, "found");
  made.classList.toggle("row-off", said.isOff);
  const link = made.querySelector("a");
  link.textContent = said.title;
  link.href = host.dataset.root + said.url;
  if (said.iso) {
    made.querySelector("time").dateTime = said.iso;
    made.querySelector(".found-above").textContent = said.above;
    made.querySelector(".found-day b").textContent = said.number;
    made.querySelector(".found-month").textContent = said.month;
  } else made.querySelector("time").remove();
  put(made, ".found-by", said.by);
  put(made, ".row-meta", said.meta);
  if (said.states.length) {
    const badges = said.states.map(([tone, label]) => badge(tone, label));
    made.querySelector(".row-state").replaceChildren(...badges);
  } else made.querySelector(".row-state").remove();
  return made;
}

function badge(tone, label) {
  return Object.assign(document.createElement("span"), { className: `badge badge-${tone}`, textContent: label });
}

export function rows(host, results, words, today) {
  const list = Object.assign(document.createElement("ul"), { className: "rows" });
  list.append(...results.map((result) => row(host, result, words, today)));
  return list;
}

/** How many, in words: what the heading says, and a screen reader after a pause. */
export function total(answer, question, words) {
  if (answer.total) return count(words.total, answer.total, words.language);
  return question.q ? fill(words.none_for, { text: question.q }) : words.none;
}

/** What was corrected, what was understood, and what could not be read, in sentences. */
export function notices(host, question, answer, words) {
  const said = [...new Set(question.unreadable)].map((name) => fill(words.unreadable, { name: words.names[name] ?? name }));
  const { corrected, when } = answer.understood;
  if (corrected && answer.total) said.push(fill(words.corrected, corrected));
  if (when) said.push(fill(words.understood, { when: time(when, words) }));
  return said.map((text) => notice(host, text));
}

export function notice(host, text) {
  const made = part(host, "notice");
  made.textContent = text;
  return made;
}

/** A link to the same question without each filter. */
export function chips(host, form, question, words) {
  const items = chosen(form, question, words);
  if (!items.length) return [];
  const list = part(host, "chips");
  const first = list.firstElementChild;
  const wipe = list.lastElementChild;
  wipe.querySelector("a").href = write({ ...question, filters: {}, page: 1 });
  const made = items.map((item) => {
    const one = first.cloneNode(true);
    const link = one.querySelector("a");
    link.href = write(without(question, item));
    link.querySelector(".chip-name").textContent = item.label;
    link.item = item;
    return one;
  });
  list.replaceChildren(...made, wipe);
  return [list];
}

/** How many there are of each value. One without any stays where it is, and looks it. */
export function counts(form, found) {
  for (const choice of form.querySelectorAll(".choice")) {
    const { name, value, checked } = choice.querySelector("input");
    if (!value) continue;
    const number = found[name]?.[value];
    choice.querySelector(".choice-count").textContent = number ?? (name in found && isCounted(name, value) ? 0 : "");
    choice.classList.toggle("choice-none", !number && !checked && isCounted(name, value));
  }
}

/** A single day, another age and another price are not counted. */
const isCounted = (name, value) =>
  !(name === "date" && value.length === 10) && !(name === "age" && ![3, 6, 9, 12, 16].includes(+value)) && !(name === "price" && ![0, 10, 20, 30].includes(+value));
