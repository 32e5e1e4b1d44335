/** <wish-shared>: a list that somebody shared. It can be read and ticked without this; here all of it goes into one's own. */
import { announce, factsOf } from "./wish-button.js";
import { isKept, keep } from "./wishes.js";

class WishShared extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector(".wish-merge");
    button.hidden = false;
    button.addEventListener("click", () => {
      const hearts = [...this.querySelectorAll("wish-button")];
      const answer = keep(...hearts.map(factsOf));
      announce(document.querySelector(".wish-way").dataset[answer]);
      if (answer === "full") return;
      button.setAttribute("aria-disabled", String(hearts.every((heart) => isKept(heart.dataset.id))));
      this.querySelector(".wish-mine").hidden = false;
    });
  }
}

customElements.define("wish-shared", WishShared);
