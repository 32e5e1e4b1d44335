// Help when nothing is found; fetched when it is needed.
import { part, rows } from "./answer.js";
import { chosen, without, write } from "./question.js";
import { fill } from "./saying.js";

const MOST_ASKED = 12;
const MOST_HELP = 4;
const MOST_INSTEAD = 3;

/**
 * When nothing is found: what there is without each of the filters, and what comes nearest. `find` asks the index.
 * Gives the element, or null when a newer question was asked meanwhile.
 */
export async function help(host, form, question, words, find, today) {
  const items = [];
  for (const item of chosen(form, question, words).slice(0, MOST_ASKED)) {
    const less = without(question, item);
    const { total } = await find(less, 1);
    if (total) items.push({ item, total, href: write(less) });
  }
  const { q, ...asked } = question;
  let nearest = q ? await find({ ...asked, q: "" }, MOST_INSTEAD) : { total: 0 };
  if (!nearest.total) nearest = await find({ q: "", filters: {}, sort: "" }, MOST_INSTEAD);
  const made = part(host, "help");
  const list = made.querySelector(".search-without");
  const first = list.firstElementChild;
  items.sort((a, b) => b.total - a.total);
  list.replaceChildren(
    ...items.slice(0, MOST_HELP).map(({ item, total, href }) => {
      const one = first.cloneNode(true);
      const link = one.querySelector("a");
      link.href = href;
      link.textContent = fill(words.without, { name: item.label });
      link.item = item;
      one.querySelector(".choice-count").textContent = total;
      return one;
    }),
  );
  if (!items.length) list.remove();
  if (nearest.total) made.querySelector(".rows").replaceWith(rows(host, nearest.results, words, today));
  else for (const left of made.querySelectorAll(".search-instead, .rows")) left.remove();
  return made;
}
