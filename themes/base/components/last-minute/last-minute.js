/**
 * The last-minute page tells the truth at the hour it is read: what has begun goes, and when nothing is left it says so. It can
 * sort each day by distance: only on a tap is the position asked, and it is neither kept nor sent.
 */
import { kilometres } from "../../js/distance.js";

export function hideBegun(root, now) {
  for (const row of root.querySelectorAll(".row")) {
    const begins = row.querySelector("time")?.dateTime ?? "";
    if (begins.length > 10 && new Date(begins) <= now) row.hidden = true;
  }
  for (const day of root.querySelectorAll(".day")) day.hidden = !day.querySelector(".row:not([hidden])");
  const left = root.querySelector(".day:not([hidden])");
  root.querySelector("[data-when-empty]")?.toggleAttribute("hidden", Boolean(left));
}

/** Within each list the nearest first, with the distance; what has no known place comes last, in its old order. */
export function sortByDistance(root, here, words) {
  for (const list of root.querySelectorAll(".rows")) {
    const rows = [...list.children].map((row) => ({ row, km: row.dataset.at ? kilometres(here, row.dataset.at.split(",").map(Number)) : Infinity }));
    rows.sort((one, other) => (one.km === other.km ? 0 : one.km - other.km));
    for (const { row, km } of rows) {
      row.querySelector(".row-far")?.remove();
      if (km < Infinity) {
        const text = words.replace("#", km < 1 ? "< 1" : Math.round(km));
        row.querySelector(".row-more").append(Object.assign(document.createElement("p"), { className: "row-far", textContent: text }));
      }
    }
    list.append(...rows.map(({ row }) => row));
  }
}

class LastMinute extends HTMLElement {
  connectedCallback() {
    const root = this.closest("main") ?? document;
    hideBegun(root, new Date());
    if (!navigator.geolocation || !root.querySelector("[data-at]")) return;
    this.hidden = false;
    this.querySelector("button").addEventListener("click", () => {
      const say = (words) => (this.querySelector("[role=status]").textContent = words);
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          sortByDistance(root, [coords.latitude, coords.longitude], this.dataset.km);
          say(this.dataset.done);
        },
        () => say(this.dataset.none),
        { maximumAge: 600000, timeout: 10000 },
      );
    });
  }
}

customElements.define("last-minute", LastMinute);
