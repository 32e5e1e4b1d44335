/**
 * Mark what is over: `data-end` says until when a line counts, as a moment, or as a day that counts to its end.
 *
 * What was over before today goes: the page was built on an earlier day. What is over since this morning stays in its place,
 * so that nothing moves under a visitor's finger. On a production's own page it says so, in the words of `data-over`.
 */
export function hidePast(root, now) {
  const midnight = new Date(now);
  midnight.setHours(0, 0, 0, 0);
  for (const line of root.querySelectorAll("[data-end]")) {
    const end = moment(line.dataset.end);
    if (end > now) continue;
    const words = line.closest("[data-over]")?.dataset.over;
    if (words) mark(line, words);
    else if (end < midnight && !line.closest("details")) line.hidden = true;
    else line.classList.add("is-over");
  }
  for (const day of root.querySelectorAll(".days > .day")) {
    if (day.querySelector(".row:not([hidden])")) continue;
    day.hidden = true;
    for (const link of root.querySelectorAll(`.strip a[href="#${day.id}"]`)) hideChip(link.parentElement);
  }
}

/** The month stands under its first day: the next one takes it over. */
function hideChip(chip) {
  chip.hidden = true;
  if (chip.querySelector("span:not(.hidden)")) chip.nextElementSibling?.querySelector("span")?.classList.remove("hidden");
}

/** The words come where the way to tickets was, else behind the hour. */
function mark(line, words) {
  const badge = Object.assign(document.createElement("span"), { className: "badge badge-calm", textContent: words });
  const buy = line.querySelector(".performance-buy");
  if (buy) buy.replaceChildren(badge);
  else line.querySelector(".performance-hour")?.append(" ", badge);
  line.classList.add("performance-off", "is-over");
}

function moment(text) {
  return text.length > 10 ? new Date(text) : new Date(`${text}T23:59:59`);
}
