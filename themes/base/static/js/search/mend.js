// A word that the index does not have: which it may be instead. Fetched when there is one. A port of etalage/search/near.py and
// of Vocabulary in etalage/search.
const reversed = (word) => [...word].reverse().join("");

/** Up to three known words at one edit, at two for a long word; looked for in the pieces where the whole half of the word leads. */
export async function neighbours(word, store) {
  if (word.length < 4) return [];
  const half = Math.max(1, Math.floor(word.length / 2) - 1);
  const [forward, backward] = await Promise.all([
    store.wordsFrom("forward", word.slice(0, half)),
    store.wordsFrom("backward", reversed(word).slice(0, half)),
  ]);
  const there = new Map([...forward, ...backward.map(([other, count]) => [reversed(other), count])]);
  const within = (edits) => [...there].filter(([other]) => isNear(word, other, edits));
  let near = within(1);
  if (!near.length && word.length >= 7) near = within(2);
  near.sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return near.slice(0, 3).map(([other]) => other);
}

/** The longest known word at the end of one that is not known. */
export async function tail(word, store, stop) {
  if (word.length < 4) return "";
  const turned = reversed(word);
  const fits = (other) => {
    const start = word.slice(0, word.length - other.length);
    return turned.startsWith(other) && start.length >= 4 && !stop.has(start);
  };
  const known = (await store.wordsFrom("backward", turned.slice(0, 5))).filter(([other]) => other.length >= 5 && fits(other));
  return reversed(known.reduce((best, [other]) => (other.length > best.length ? other : best), ""));
}

/** Whether at most so many edits make one word the other: a port of etalage/search/near.py. */
const isNear = (one, other, edits = 1) =>
  one !== other && Math.abs(one.length - other.length) <= edits && isLeft(one, other, edits);

function isLeft(one, other, edits) {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at++;
  const [a, b] = [one.slice(at), other.slice(at)];
  if (!a || !b) return a.length + b.length <= edits;
  if (!edits) return false;
  if (isLeft(a.slice(1), b.slice(1), edits - 1) || isLeft(a.slice(1), b, edits - 1) || isLeft(a, b.slice(1), edits - 1)) return true;
  return a.length > 1 && a[0] === b[1] && a[1] === b[0] && isLeft(a.slice(2), b.slice(2), edits - 1);
}
