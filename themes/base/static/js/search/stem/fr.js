// French word forms: a port of Snowball's `french`, for words of a to z without accents; held to PyStemmer by tests.
const V = "aeiouy";
const isV = (letter) => letter !== undefined && V.includes(letter);

/** Vowels that sound as consonants become capitals. */
function mark(word) {
  const w = [...word];
  for (let at = 0; at < w.length; at++) {
    const next = w[at + 1];
    if (isV(w[at]) && (next === "u" || next === "i") && isV(w[at + 2])) w[at + 1] = next.toUpperCase();
    else if (isV(w[at]) && next === "y") w[at + 1] = "Y";
    else if (w[at] === "y" && isV(next)) w[at] = "Y";
    else if (w[at] === "q" && next === "u") w[at + 1] = "U";
  }
  return w.join("");
}

const region = (word, from) => {
  const found = /[aeiouy][^aeiouy]/.exec(word.slice(from));
  return found ? from + found.index + 2 : word.length;
};

function vowelRegion(word) {
  if (isV(word[0]) && isV(word[1]) && word.length > 2) return 3;
  const known = /^(par|col|tap|mauva|ni(?=[aeiouy]))/.exec(word);
  if (known) return known[0] === "ni" ? 3 : known[0].length;
  const found = /[aeiouy]/.exec(word.slice(1));
  return found ? found.index + 2 : word.length;
}

const ends = (list) => new RegExp(`(${list.split(" ").sort((a, b) => b.length - a.length).join("|")})$`);
const STANDARD = ends(
  "ance iqUe isme able iste eux ances iqUes ismes ables istes atrice ateur ation atrices ateurs ations logie logies usion ution usions utions ence ences ement ements if ive ifs ives eaux aux oux euse euses issement issements amment emment ment ments",
);
const I_VERB = ends(
  "i ie ies ir ira irai iraIent irais irait iras irent irez iriez irions irons iront is issaIent issais issait issant issante issantes issants isse issent isses issez issiez issions issons it",
);
const VERB = ends(
  "ions er era erai eraIent erais erait eras erez eriez erions erons eront ez iez a ai aIent ais aise aises ait ant ante antes ants as asse assent asses assiez assions",
);
const PLAIN = /^(er|era|erai|eraIent|erais|erait|eras|erez|eriez|erions|erons|eront|ez|iez)$/;

/** The ending that fits as a whole behind `from`; the longest. */
const within = (word, pattern, from) => pattern.exec(word.slice(from))?.[0];

export function stem(word) {
  let w = mark(word);
  const pV = vowelRegion(w);
  const p1 = region(w, 0);
  const p2 = region(w, p1);
  const cut = (n) => w.slice(0, w.length - n);
  const reach = (n, mark) => w.length - n >= mark;
  /** Takes an ending off again where it lies behind `mark`, else puts another in its place. */
  const off = (ending, mark, instead) => {
    if (!w.endsWith(ending)) return false;
    if (reach(ending.length, mark)) w = cut(ending.length);
    else if (instead === undefined) return false;
    else w = cut(ending.length) + instead;
    return true;
  };

  /** Whether the word had such an ending; some change the word and still let the verbs have a try. */
  function standard() {
    const found = STANDARD.exec(w)?.[0];
    if (!found) return false;
    const n = found.length;
    const one = found.replace(/s$/, "");
    if (/^(ance|iqUe|isme|able|iste)$/.test(one) || found === "eux") {
      if (!reach(n, p2)) return false;
      w = cut(n);
    } else if (/^(atrice|ateur|ation)$/.test(one)) {
      if (!reach(n, p2)) return false;
      w = cut(n);
      off("ic", p2, "iqU");
    } else if (one === "logie" || one === "usion" || one === "ution" || one === "ence") {
      if (!reach(n, p2)) return false;
      w = cut(n) + { l: "log", u: "u", e: "ent" }[one[0]];
    } else if (one === "issement") {
      if (!reach(n, p1) || isV(w[w.length - n - 1])) return false;
      w = cut(n);
    } else if (found === "amment" || found === "emment") {
      if (reach(n, pV)) w = `${cut(n)}${found[0]}nt`;
      return false;
    } else if (one === "ement") {
      if (!reach(n, pV)) return false;
      w = cut(n);
      if (w.endsWith("iv")) {
        if (off("iv", p2)) off("at", p2);
      } else if (w.endsWith("eus")) {
        if (reach(3, p2)) w = cut(3);
        else if (reach(3, p1)) w = `${cut(3)}eux`;
      } else if (!off("abl", p2)) off("iqU", p2);
    } else if (one === "ment") {
      if (isV(w[w.length - n - 1]) || "IU".includes(w[w.length - n - 1])) if (reach(n + 1, pV)) w = cut(n);
      return false;
    } else if (one === "if" || one === "ive") {
      if (!reach(n, p2)) return false;
      w = cut(n);
      if (off("at", p2)) off("ic", p2, "iqU");
    } else if (one === "euse") {
      if (reach(n, p2)) w = cut(n);
      else if (reach(n, p1)) w = `${cut(n)}eux`;
      else return false;
    } else if (found === "eaux") w = cut(1);
    else if (found === "aux") {
      if (!reach(3, p1)) return false;
      w = `${cut(3)}al`;
    } else {
      if (!"bhjlnp".includes(w[w.length - 4] ?? "-")) return false;
      w = cut(1);
    }
    return true;
  }

  function verbInI() {
    const found = within(w, I_VERB, pV);
    const before = found && w[w.length - found.length - 1];
    if (!found || w.length - found.length <= pV || isV(before)) return false;
    w = cut(found.length);
    return true;
  }

  function verb() {
    const found = within(w, VERB, pV);
    if (!found) return false;
    if (found === "ions") {
      if (!reach(4, p2)) return false;
      w = cut(4);
    } else {
      w = cut(found.length);
      if (!PLAIN.test(found) && w.endsWith("e") && reach(1, pV)) w = cut(1);
    }
    return true;
  }

  function residual() {
    if (/[^aious]s$/.test(w)) w = cut(1);
    const found = within(w, /(ion|ier|Ier|e)$/, pV);
    if (found === "ion") {
      if (reach(3, p2) && /[st]ion$/.test(w) && w.length - 4 >= pV) w = cut(3);
    } else if (found === "e") w = cut(1);
    else if (found) w = `${cut(3)}i`;
  }

  if (standard() || verbInI() || verb()) w = w.replace(/Y$/, "i");
  else residual();
  if (/(enn|onn|ett|ell|eill)$/.test(w)) w = cut(1);
  return w.toLowerCase();
}
