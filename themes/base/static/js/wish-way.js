import { wishes } from "./wishes.js";

/** How many wishes there are, at the way to the list in the header. */
export function countWishes(root) {
  const count = root.querySelector(".wish-count");
  if (!count) return;
  const show = () => {
    count.textContent = wishes().length;
    count.hidden = count.textContent === "0";
  };
  window.addEventListener("wishes", show);
  show();
}
