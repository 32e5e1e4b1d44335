// Dutch word forms: a port of Snowball's `dutch` (Kraaij and Pohlmann), for words of a to z; held to PyStemmer by tests.
const VOWEL = "aeiouy";
const SAME = JSON.parse(
  '{"kinder":"kind","lieder":"lied","bladder":"blad","blader":"blad","eier":"ei","beelder":"beeld","danst":"dans","zingt":"zing","speelt":"speel","leest":"lees","vertelt":"vertel","lacht":"lach","goochelt":"goochel","reist":"reis","kookt":"kook","schrijft":"schrijf","zoekt":"zoek","droomt":"droom","dichter":"dicht","danser":"dans","zanger":"zang","zong":"zing","theatr":"theater","dan":"dans","men":"mens","kan":"kans","glan":"glans","prin":"prins","wen":"wens","gren":"grens","beur":"beurs"}',
);

const isVowel = (letter) => letter !== undefined && VOWEL.includes(letter);
const isConsonant = (letter) => letter !== undefined && !VOWEL.includes(letter);
/** Whether a consonant stands before `at`; "ij" counts as a vowel. */
const C = (word, at) => !word.startsWith("ij", at - 2) && isConsonant(word[at - 1]);
const V = (word, at) => isVowel(word[at - 1]) || (at > 1 && word.startsWith("ij", at - 2));

/** "kopen" without -en is "koop": the vowel of an open syllable is doubled when it closes. */
function lengthen(word) {
  const at = word.length - 2;
  if (at < 0 || "aeiouywx".includes(word[at + 1])) return word;
  const vowel = word[at];
  const before = word[at - 1];
  const closed = before === undefined || !"aeiou".includes(before);
  if (!closed || !"aoue".includes(vowel)) return word;
  if (vowel === "e" && before !== undefined) {
    const third = word[at - 2];
    if (third && ("aiou".includes(third) || (third === "e" && at === 2))) return word;
    const fourth = word[at - 3];
    const fifth = word[at - 4];
    if (third && fourth && "aiou".includes(fourth) && fifth && !"aeiou".includes(fifth)) return word;
  }
  return word.slice(0, at) + vowel + word.slice(at);
}

/** Where the first and the second syllable end. */
function measure(word) {
  const marks = [word.length, word.length];
  let at = 0;
  for (let n = 0; n < 2; n++) {
    while (isConsonant(word[at])) at++;
    const first = at;
    while (isVowel(word[at])) at += word.startsWith("ij", at) ? 2 : 1;
    if (at === first || !isConsonant(word[at])) break;
    marks[n] = ++at;
  }
  return marks;
}

const longest = (word, endings) => endings.find((ending) => word.endsWith(ending));

const FIRST = ["ies", "aus", "nde", "es", "en", "s"];
function plural(w, p1) {
  const ending = longest(w, FIRST);
  if (!ending) return null;
  const at = w.length - ending.length;
  const stem = w.slice(0, at);
  const R1 = at >= p1;
  switch (ending) {
    case "s":
      return R1 && !(stem.endsWith("t") && at - 1 >= p1) && C(w, at) ? stem : null;
    case "ies":
      return R1 ? `${stem}ie` : null;
    case "es":
      if (stem.endsWith("ar") && at - 2 >= p1 && C(w, at - 2)) return lengthen(stem);
      if (stem.endsWith("er") && at - 2 >= p1 && C(w, at - 2)) return stem;
      return R1 && C(w, at) ? `${stem}e` : null;
    case "aus":
      return R1 && V(w, at) ? `${stem}au` : null;
    case "nde":
      return `${stem}nd`;
    default:
      if (stem.endsWith("hed") && at - 3 >= p1) return `${stem.slice(0, -3)}heid`;
      if (stem.endsWith("nd")) return stem;
      if (stem.endsWith("d") && at - 1 >= p1 && C(w, at - 1)) return stem.slice(0, -1);
      if ((stem.endsWith("i") || stem.endsWith("j")) && V(w, at - 1)) return stem;
      return R1 && C(w, at) ? lengthen(stem) : null;
  }
}

const SECOND = ["lijke", "ische", "ieve", "ene", "je", "ge", "de", "te", "se", "re", "le"];
function small(w, p1) {
  const ending = longest(w, SECOND);
  if (!ending) return null;
  const at = w.length - ending.length;
  const stem = w.slice(0, at);
  const R1 = at >= p1;
  switch (ending) {
    case "je":
      if (stem.endsWith("et") && at - 2 >= p1 && C(w, at - 2)) return stem.slice(0, -2);
      if (stem.endsWith("rnt")) return stem.slice(0, -1);
      if (stem.endsWith("t") && at - 1 >= p1 && V(w, at - 2)) return stem.slice(0, -1);
      if (stem.endsWith("ink")) return `${stem.slice(0, -1)}g`;
      if (stem.endsWith("mp")) return stem.slice(0, -1);
      return R1 && C(w, at) ? stem : null;
    case "de":
      return R1 && C(w, at) ? stem : null;
    case "le":
      return R1 ? lengthen(`${stem}l`) : null;
    case "ene":
      return R1 && C(w, at) ? lengthen(`${stem}en`) : null;
    case "ieve":
      return R1 && C(w, at) ? `${stem}ief` : null;
    default:
      return R1 ? w.slice(0, -1) : null;
  }
}

const THIRD = ["iteit", "atie", "heid", "ster", "rder", "isme", "erij", "arij", "sel", "ing", "fie", "gie", "tst", "dst"];
function noun(w, p1, p2) {
  const ending = longest(w, THIRD);
  if (!ending) return null;
  const at = w.length - ending.length;
  const stem = w.slice(0, at);
  const R1 = at >= p1;
  switch (ending) {
    case "atie":
      return R1 ? `${stem}eer` : null;
    case "iteit":
      return R1 ? lengthen(stem) : null;
    case "heid":
    case "sel":
    case "ster":
      return R1 ? stem : null;
    case "rder":
      return `${stem}r`;
    case "arij":
      return R1 && C(w, at) ? `${stem}aar` : null;
    case "fie":
    case "gie":
      return at >= p2 ? lengthen(stem + ending[0]) : null;
    case "tst":
    case "dst":
      return R1 && C(w, at) ? stem + ending[0] : null;
    default:
      if (stem.endsWith("ild")) return `${stem}er`;
      return R1 ? lengthen(stem) : null;
  }
}

const FOURTH = ["achtigst", "achtiger", "ioneel", "lijker", "lijkst", "achtig", "eriger", "erigst", "atief", "baar", "naar", "laar", "raar", "tant", "erig", "end"];
const TO = { ioneel: "ie", atief: "eer", tant: "teer", lijker: "lijk", lijkst: "lijk" };
function adjective(w, p1) {
  const ending = longest(w, FOURTH);
  if (ending) {
    const at = w.length - ending.length;
    const stem = w.slice(0, at);
    if (at >= p1) {
      if (ending in TO) return stem + TO[ending];
      if (ending === "baar" || ending.startsWith("achtig")) return stem;
      if (ending.endsWith("aar")) {
        if (V(w, at)) return stem + ending[0];
      } else if (C(w, at)) return lengthen(stem);
    }
  }
  const other = longest(w, ["iger", "igst", "ig"]);
  if (!other) return null;
  const at = w.length - other.length;
  const stem = w.slice(0, at);
  return at >= p1 && stem !== "inn" && C(w, at) ? lengthen(stem) : null;
}

/** What comes after "ge" must have a vowel and something behind it. */
function isWhole(rest) {
  if (rest.length < 3) return false;
  let at = 0;
  while (at < rest.length && !isVowel(rest[at])) at++;
  while (isVowel(rest[at])) at += rest.startsWith("ij", at) ? 2 : 1;
  return at < rest.length && at > 0;
}

function participle(w, p1) {
  const at = w.length - 1;
  if (!/[dt]$/.test(w) || at < p1 || !C(w, at)) return w;
  const stem = w.slice(0, -1);
  if (w.endsWith("d")) {
    if (stem.endsWith("n") && at - 1 >= p1) return w;
    return stem === "in" ? "inn" : stem;
  }
  return (stem.endsWith("h") && at - 1 >= p1) || stem === "en" ? w : stem;
}

export function stem(word) {
  let w = word;
  let [p1, p2] = measure(w);
  let stemmed = false;
  for (const step of [plural, small, noun, adjective]) {
    const shorter = step(w, p1, p2);
    if (shorter !== null) [w, stemmed] = [shorter, true];
  }
  if (w.startsWith("ge")) {
    const rest = w.slice(2);
    const kept = /^(eft|val(?!i)|vaa|vare)/.test(rest);
    if (isWhole(rest) && !kept) {
      [p1, p2] = measure(rest);
      [w, stemmed] = [participle(rest, p1), true];
    }
  }
  const inside = w.indexOf("ge", 1);
  if (inside > 0 && isWhole(w.slice(inside + 2))) {
    w = w.slice(0, inside) + w.slice(inside + 2);
    [p1, p2] = measure(w);
    [w, stemmed] = [participle(w, p1), true];
  }
  if (/[kfp]t$/.test(w)) [w, stemmed] = [w.slice(0, -1), true];
  if (stemmed) {
    if (/([bcdfghjklmnpqrstvwxz])\1$/.test(w) && w !== "inn") w = w.slice(0, -1);
    else if (w.endsWith("v")) w = `${w.slice(0, -1)}f`;
    else if (w.endsWith("z")) w = `${w.slice(0, -1)}s`;
  }
  return Object.hasOwn(SAME, w) ? SAME[w] : w;
}
