// German word forms: a port of Snowball's `german`, for words of a to z; held to PyStemmer by tests.
const V = "aeiouyäöü";
const isV = (letter) => letter !== undefined && V.includes(letter);

function mark(word) {
  const w = [...word];
  for (let at = 0; at < w.length; at++) {
    const next = w[at + 1];
    if (isV(w[at]) && (next === "u" || next === "y") && isV(w[at + 2])) w[at + 1] = next.toUpperCase();
  }
  return w.join("").replace(/qu|[aou]e/g, (two) => ({ ae: "ä", oe: "ö", ue: "ü" })[two] ?? two);
}

const region = (word, from) => {
  const found = /[aeiouyäöü][^aeiouyäöü]/.exec(word.slice(from));
  return found ? from + found.index + 2 : word.length;
};

export function stem(word) {
  let w = mark(word);
  const first = region(w, 0);
  const p1 = w.length < 3 ? w.length : Math.max(first, 3);
  const p2 = region(w, first);
  const cut = (n) => w.slice(0, w.length - n);
  const end = (pattern, from) => {
    const found = pattern.exec(w)?.[0];
    return found && w.length - found.length >= from ? found : "";
  };
  let found = end(/(erinnen|erin|lns|ern|em|er|en|es|ln|e|s)$/, p1);
  if (found === "em") {
    if (!w.endsWith("system")) w = cut(2);
  } else if (found === "s") {
    if (/[bdfghklmnrt]s$/.test(w)) w = cut(1);
  } else if (found === "ln" || found === "lns") w = `${cut(found.length)}l`;
  else if (found) {
    w = cut(found.length);
    if (/^(e|en|es)$/.test(found) && w.endsWith("niss")) w = cut(1);
  }
  found = end(/(est|en|er|st|et)$/, p1);
  if (found === "st") {
    if (/[bdfghklmnt]st$/.test(w) && w.length > 5) w = cut(2);
  } else if (found === "et") {
    if (/[dfgklmnrstUzä]et$/.test(w) && !/(geordn|intern|tick|plan|tr)et$/.test(w)) w = cut(2);
  } else if (found) w = cut(found.length);
  found = end(/(isch|lich|heit|keit|end|ung|ig|ik)$/, p2);
  if (found === "end" || found === "ung") {
    w = cut(3);
    if (/[^e]ig$/.test(w) && w.length - 2 >= p2) w = cut(2);
  } else if (found === "ig" || found === "ik" || found === "isch") {
    if (w[w.length - found.length - 1] !== "e") w = cut(found.length);
  } else if (found) {
    w = cut(4);
    if (found === "keit") {
      const more = end(/(lich|ig)$/, p2);
      w = cut(more.length);
    } else w = cut(end(/(er|en)$/, p1).length);
  }
  return w.replace(/[äöüUY]/g, (letter) => ({ ä: "a", ö: "o", ü: "u", U: "u", Y: "y" })[letter]);
}
