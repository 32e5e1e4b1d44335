// Text to words, and compounds taken apart: a port of etalage/search/words.py and compounds.py.
const LETTERS = { œ: "oe", æ: "ae", ß: "ss", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ĳ: "ij", ı: "i" };

export const fold = (text) =>
  text
    .toLowerCase()
    .replace(/[œæßøłđðþĳı]/g, (letter) => LETTERS[letter])
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "");

export const words = (text) =>
  fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => [...word].length > 1 || /^\p{Nd}$/u.test(word));

/** The stems of a compound's parts. `isPart` may have to fetch, so it is asked for all beginnings at once and then one by one. */
export async function split(word, isPart, stem, parts = 3) {
  if (word.length < (parts === 3 ? 7 : 6) || !/^[a-z]+$/.test(word)) return [];
  const cuts = [];
  for (let at = 3; at <= word.length - 3; at++) cuts.push(at);
  const known = await Promise.all(cuts.map((at) => isPart(stem(word.slice(0, at)))));
  const lefts = cuts.filter((_, n) => known[n]);
  for (const at of lefts) {
    const right = stem(word.slice(at));
    if (await isPart(right)) return [stem(word.slice(0, at)), right];
  }
  if (parts > 2) {
    for (const at of lefts) {
      const rest = await split(word.slice(at), isPart, stem, parts - 1);
      if (rest.length) return [stem(word.slice(0, at)), ...rest];
    }
  }
  return [];
}

/** Whether one edit makes one word the other: a port of etalage/search/near.py. */
export function isNear(one, other) {
  if (one === other || Math.abs(one.length - other.length) > 1) return false;
  if (one.length > other.length) [one, other] = [other, one];
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  if (one.length < other.length) return one.slice(at) === other.slice(at + 1);
  const swapped = one[at] === other[at + 1] && one[at + 1] === other[at];
  return one.slice(at + 1) === other.slice(at + 1) || (swapped && one.slice(at + 2) === other.slice(at + 2));
}
