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
  const rights = await Promise.all(lefts.map((at) => isPart(stem(word.slice(at)))));
  const found = lefts.find((_, n) => rights[n]);
  if (found) return [stem(word.slice(0, found)), stem(word.slice(found))];
  if (parts > 2) {
    for (const at of lefts) {
      const rest = await split(word.slice(at), isPart, stem, parts - 1);
      if (rest.length) return [stem(word.slice(0, at)), ...rest];
    }
  }
  return [];
}
