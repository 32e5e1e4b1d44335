/**
 * Hide what is over: `data-end` says until when a line counts, as a moment, or as a day that counts to its end.
 * On a production's own page the date stays, marked with the words of `data-over`, and without its way to tickets.
 */
export function hidePast(root, now) {
  for (const line of root.querySelectorAll("[data-end]")) {
    if (moment(line.dataset.end) > now) continue;
    const words = line.closest("[data-over]")?.dataset.over;
    if (words) mark(line, words);
    else if (!line.closest("details")) line.hidden = true;
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

function mark(line, words) {
  line.classList.add("performance-off");
  line.dataset.over = "";
  line.querySelector(".performance-buy")?.remove();
  const badge = Object.assign(document.createElement("p"), { className: "badge badge-calm", textContent: words });
  line.querySelector(".performance-day").after(badge);
}

function moment(text) {
  return text.length > 10 ? new Date(text) : new Date(`${text}T23:59:59`);
}
