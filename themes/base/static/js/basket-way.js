/**
 * How many places are in the basket, at the way to it in the header. The basket's own cookie no script can read; beside it the
 * function sets `basket_count`, so that no page has to ask.
 */
export function countBasket(root) {
  const way = root.querySelector(".basket-way");
  if (!way) return;
  const places = Number(/(?:^|; )basket_count=(\d{1,3})(?:;|$)/.exec(root.cookie)?.[1] ?? 0);
  way.classList.toggle("is-full", places > 0);
  way.lastElementChild.textContent = places || "";
}
