/**
 * What is left now, of the dates of a page that are sold through us: `data-live` names them. The page was built with what was
 * known then, and stays as it is until an answer comes: one question for all dates, those in view first, kept for
 * twenty seconds: half a minute after a house fell silent, no page that is opened promises a thing.
 *
 * Who is silent promises nothing: "last tickets" is then taken back, what was sold out stays so. Words change in their place.
 */
import { SITE } from "./wishes.js";

const MOST = 60; // dates in one question: its address stays under what servers in between take
const FRESH = 20_000;
const KEPT = `live:${SITE.pathname}`;

/** Ask now, and again for a visitor who comes back to this page later. */
export function tellLive(root) {
  const dates = [...root.querySelectorAll("[data-live]")];
  show(dates, kept());
  if (navigator.connection?.saveData) return;
  const near = new IntersectionObserver((seen) => {
    near.disconnect();
    const inView = new Set(seen.filter((one) => one.isIntersecting).map((one) => one.target));
    dates.sort((a, b) => inView.has(b) - inView.has(a));
    refresh(dates);
    document.addEventListener("visibilitychange", () => document.hidden || refresh(dates));
  });
  for (const one of dates) near.observe(one);
}

async function refresh(dates) {
  const known = kept();
  const wanted = [...new Set(dates.filter((one) => !one.closest(".is-over, [hidden]")).map((one) => one.dataset.live))];
  const asked = wanted.slice(0, MOST).filter((id) => !known[id]);
  if (!asked.length) return;
  const said = await ask(asked);
  const now = Date.now();
  const news = Object.fromEntries(asked.map((id) => [id, { state: said[id]?.state ?? "unknown", at: now }]));
  keep({ ...known, ...news });
  show(dates, news);
}

/** What the houses say; nothing when nobody answers. */
async function ask(ids) {
  const query = ids.map((id) => `p=${encodeURIComponent(id).replace(/%(?:3A|2F)/g, decodeURIComponent)}`).sort().join("&");
  try {
    const answer = await fetch(new URL(`api/availability?${query}`, SITE), { priority: "low" });
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
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
  stock.replaceChildren(...(words[state] ? [badge] : []));
}

function slot(line) {
  const stock = Object.assign(document.createElement("p"), { className: "stock" });
  line.append(stock);
  return stock;
}

function kept() {
  try {
    const all = Object.entries(JSON.parse(sessionStorage.getItem(KEPT)) ?? {});
    return Object.fromEntries(all.filter(([, one]) => one?.at > Date.now() - FRESH && typeof one.state === "string"));
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
