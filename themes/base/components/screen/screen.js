/**
 * The foyer's screen: asks its data again and again, shows what is still to come today, and turns over when that is more than
 * fits. A server that is silent changes nothing: a week of data is in each answer, and the clock goes on.
 */
const ASK = 60_000;
const TURN = 12_000;

/** What to show at `now`: the lines of its day (and of last night, until they end), and the first of a later day. */
export function tonight(shows, now, zone) {
  const today = dayOf(now, zone);
  const ahead = shows.filter((show) => new Date(show.until) > now);
  return {
    lines: ahead.filter((show) => dayOf(new Date(show.start), zone) <= today),
    next: ahead.find((show) => dayOf(new Date(show.start), zone) > today),
  };
}

/** Cut the lines into pages no higher than `room`; a line that is higher than that has a page of its own. */
export function pages(heights, room, gap) {
  const found = [];
  let used = Infinity;
  heights.forEach((height, at) => {
    if (used + gap + height > room) {
      found.push([]);
      used = -gap;
    }
    found.at(-1).push(at);
    used += gap + height;
  });
  return found;
}

/** `tools` brings the clock and the way to ask, so that a test can bring its own. */
export function start(main, tools) {
  const state = { data: null, shown: "", page: 0, paused: false };
  main.classList.add("screen-is-live");
  const pause = main.querySelector(".screen-pause");
  pause.hidden = false;
  pause.addEventListener("click", () => {
    state.paused = !state.paused;
    pause.textContent = state.data?.words[state.paused ? "go_on" : "pause"] ?? pause.textContent;
  });
  const ask = async () => {
    try {
      const answer = await tools.fetch(main.dataset.src, { cache: "no-cache" });
      if (answer.ok) state.data = await answer.json();
    } catch {
      // Silent for now: what we have is still true.
    }
    draw(main, state, tools.now());
  };
  tools.every(ASK, ask);
  tools.every(1000, () => draw(main, state, tools.now()));
  tools.every(TURN, () => {
    if (!state.paused) turn(main, state, state.page + 1);
  });
  addEventListener("resize", () => turn(main, state, 0));
  return ask();
}

function draw(main, state, now) {
  if (!state.data) return;
  const { data } = state;
  tell(main, now, data);
  const { lines, next } = tonight(data.shows, now, data.zone);
  const shown = JSON.stringify([lines, next]);
  if (shown === state.shown) return;
  state.shown = shown;
  const mould = main.querySelector("template").content;
  main.querySelector(".screen-shows").replaceChildren(...lines.map((show) => fill(mould.cloneNode(true).firstElementChild, show, data)));
  main.querySelector(".screen-none").hidden = lines.length > 0;
  const after = main.querySelector(".screen-next");
  after.hidden = lines.length > 0 || !next;
  after.textContent = next ? `${data.words.next}: ${[next.day, next.clock].filter(Boolean).join(", ")} · ${next.title}` : "";
  turn(main, state, 0);
}

function fill(line, show, data) {
  for (const part of line.querySelectorAll("[data-part]")) {
    const text = show[part.dataset.part];
    part.textContent = part.dataset.part === "end" && text ? `${data.words.until} ${text}` : text;
  }
  line.classList.toggle("screen-off", show.is_off);
  return line;
}

/** Show one page of the lines; the next after the last is the first. */
function turn(main, state, wanted) {
  const list = main.querySelector(".screen-shows");
  const lines = [...list.children];
  for (const line of lines) line.hidden = false;
  const gap = parseFloat(getComputedStyle(list).rowGap) || 0;
  const found = pages(lines.map((line) => line.getBoundingClientRect().height), list.clientHeight, gap);
  state.page = found.length ? wanted % found.length : 0;
  lines.forEach((line, at) => (line.hidden = !found[state.page]?.includes(at)));
  main.querySelector(".screen-page").textContent = found.length > 1 ? `${state.page + 1} / ${found.length}` : "";
}

function tell(main, now, data) {
  const wish = { timeZone: data.zone };
  const day = new Intl.DateTimeFormat(data.language, { ...wish, weekday: "long", day: "numeric", month: "long" });
  const clock = new Intl.DateTimeFormat(data.language, { ...wish, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  main.querySelector("[data-now=day]").textContent = day.format(now);
  main.querySelector("[data-now=clock]").textContent = clock.format(now);
}

function dayOf(moment, zone) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(moment);
}

const main = document.querySelector("main.screen[data-src]");
if (main) {
  start(main, { now: () => new Date(), fetch: (...what) => fetch(...what), every: (pause, work) => setInterval(work, pause) });
}
