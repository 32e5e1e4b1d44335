import { dayIn } from "./day.js";

/** Mark today in the agenda, whatever day the page was built on. The words are in `data-today`. */
export function markToday(root, now) {
  const days = root.querySelector("[data-today]");
  if (!days) return;
  const today = dayIn("Europe/Brussels", now);
  for (const badge of root.querySelectorAll(".day-head > .badge-near")) badge.remove();
  for (const chip of root.querySelectorAll(".strip-today")) {
    chip.classList.remove("strip-today");
    chip.firstElementChild.removeAttribute("aria-current");
  }
  root.querySelector(`.day-head[data-day="${today}"]`)?.append(
    " ",
    Object.assign(document.createElement("span"), { className: "badge badge-near", textContent: days.dataset.today }),
  );
  const link = root.querySelector(`.strip a[data-day="${today}"]`);
  link?.parentElement.classList.add("strip-today");
  link?.setAttribute("aria-current", "date");
}
