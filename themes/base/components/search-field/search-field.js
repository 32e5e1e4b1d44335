/**
 * Ways to the function that searches become ways to the page that searches in the browser: no server is asked.
 * `data-search` on a form or a link is the address of that page; what a link asks for goes along.
 */
export function searchHere(root) {
  for (const way of root.querySelectorAll("[data-search]")) {
    const page = new URL(way.dataset.search, document.baseURI);
    if (way.localName === "form") way.action = page.href;
    else {
      page.search = new URL(way.href).search;
      way.href = page.href;
    }
  }
}
