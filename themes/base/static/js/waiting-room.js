/** <waiting-room>: looks by itself and goes on when it is one's turn. Without it the page refreshes itself. */
const SLOWEST = 30;

class WaitingRoom extends HTMLElement {
  connectedCallback() {
    this.lookAfter(Number(this.dataset.again));
    // A phone in a pocket stops the clock: look as soon as it is taken out.
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.lookAfter(0));
  }

  lookAfter(seconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), seconds * 1000);
  }

  async look() {
    this.timer = undefined;
    let told = {};
    try {
      const answer = await fetch(this.dataset.ask, { headers: { "accept-language": document.documentElement.lang } });
      if (answer.status === 403 || answer.status === 404) return location.reload(); // the page says why
      if (answer.ok) told = await answer.json();
    } catch {
      // no network for a moment: look again
    }
    if (told.stage === "in") return location.replace(this.dataset.to);
    this.say(".waiting-before", told.before);
    this.say(".waiting-about", told.about);
    if (this.timer === undefined) this.lookAfter(told.again ?? SLOWEST); // unless somebody looked at the phone meanwhile
  }

  // Only what changed: a status that is written again is read out again.
  say(where, words) {
    const line = this.querySelector(where);
    if (words !== undefined && line.textContent !== words) line.textContent = words;
  }
}

customElements.define("waiting-room", WaitingRoom);
