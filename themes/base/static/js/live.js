/**
 * What is left now, of the dates of a page that are sold through us: `data-live` names them. The page was built with what was
 * known then, and stays as it is until an answer comes: one question for all dates, those in view first. The answer says how
 * long it is good (max-age); a page that somebody looks at then asks again.
 *
 * Who is silent promises nothing: "last tickets" is then taken back, what was sold out stays so. Words change in their place.
 */
import { SITE } from "./wishes.js";

const MOST = 60; // dates in one question: its address stays under what servers in between take
const PAUSE = 20; // seconds, when the answer does not say
const KEPT = `live:${SITE.pathname}`;

/** Ask now, and again as long as somebody looks. */
export function tellLive(root) {
  const dates = [...root.querySelectorAll("[data-live]")];
  show(dates, kept());
  if (navigator.connection?.saveData) return;
  const near = new IntersectionObserver((seen) => {
    near.disconnect();
    const inView = new Set(seen.filter((one) => one.isIntersecting).map((one) => one.target));
    dates.sort((a, b) => inView.has(b) - inView.has(a));
    let timer;
    const look = async () => {
      const until = document.hidden ? 0 : await refresh(dates);
      clearTimeout(timer);
      if (until) timer = setTimeout(look, until - Date.now());
    };
    look();
    document.addEventListener("visibilitychange", look);
  });
  for (const one of dates) near.observe(one);
}

/** Until when all is known; nothing where there is nothing to ask. */
async function refresh(dates) {
  const known = kept();
  const wanted = [...new Set(dates.filter((one) => !one.closest(".is-over, [hidden]")).map((one) => one.dataset.live))];
  const all = wanted.slice(0, MOST);
  const asked = all.filter((id) => !known[id]);
  if (asked.length) {
    const [said, pause] = await ask(asked);
    const until = Date.now() + Math.max(pause, 1) * 1000;
    for (const id of asked) known[id] = { state: said[id]?.state ?? "unknown", until };
    keep(known);
    show(dates, known);
  }
  return all.length && Math.min(...all.map((id) => known[id].until));
}

/** What the houses say, and for how many seconds; nothing when nobody answers. */
async function ask(ids) {
  const query = ids.map((id) => `p=${encodeURIComponent(id).replace(/%(?:3A|2F)/g, decodeURIComponent)}`).sort().join("&");
  try {
    const answer = await fetch(new URL(`api/availability?${query}`, SITE), { priority: "low" });
    const [, good = PAUSE] = /max-age=(\d+)/.exec(answer.headers.get("cache-control")) ?? []; // no look-behind: older phones
    return [answer.ok ? await answer.json() : {}, good - answer.headers.get("age")];
  } catch {
    return [{}, PAUSE];
  }
}

function show(dates, said) {
  const now = new Date();
  const words = document.querySelector(".basket-way").dataset;
  for (const one of dates) {
    const { live, opens, closes } = one.dataset;
    if (one.closest(".is-over") || (opens && new Date(opens) > now)) continue;
    const state = closes && new Date(closes) <= now ? "closed" : said[live]?.state;
    if (one.matches(".buy")) sell(one, state ?? (opens && "plenty"), words);
    else if (state) mark(one, state, words);
  }
}

/** A date with its button: there while one can buy, or may be able to. */
function sell(one, state, words) {
  const [button, stock] = [one.querySelector(".button"), one.querySelector(".stock")];
  if (!state || !button || !stock) return;
  const soldOut = stock.querySelector(".badge-none");
  if (state === "unknown" && (soldOut || (!stock.firstChild && !button.hidden))) return;
  say(stock, state, words);
  const off = state === "none" || state === "closed";
  const left = off && document.activeElement === button;
  for (const part of one.querySelectorAll(".button, .performance-price")) part.hidden = off;
  if (left) Object.assign(stock, { tabIndex: -1 }).focus(); // and so it is heard
}

/** A date in a list: a word over its picture. Of who is silent nothing is said there. */
function mark(one, state, words) {
  const stock = one.querySelector(".stock");
  if (state === "unknown" && stock?.querySelector(".badge-none")) return;
  if (stock || words[state]) say(stock ?? slot(one), state === "unknown" ? "plenty" : state, words);
}

function say(stock, state, words) {
  const tone = state === "unknown" || state === "closed" ? "calm" : state;
  const badge = Object.assign(document.createElement("span"), { className: `badge badge-${tone}`, textContent: words[state] ?? "" });
  if (stock.textContent !== badge.textContent) stock.replaceChildren(...(words[state] ? [badge] : []));
}

function slot(line) {
  const stock = Object.assign(document.createElement("p"), { className: "stock" });
  line.append(stock);
  return stock;
}

function kept() {
  try {
    const all = Object.entries(JSON.parse(sessionStorage.getItem(KEPT)) ?? {});
    return Object.fromEntries(all.filter(([, one]) => one?.until > Date.now() && typeof one.state === "string"));
  } catch {
    return {};
  }
}

function keep(said) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(said));
  } catch {
    // a browser that keeps nothing asks again
  }
}
