/** Where one buys, the clock and the plan: everything is there without them (functions/till.py). */

/** <time-left data-seconds data-words data-over>: says how long places are kept, in time to ask for more. */
class TimeLeft extends HTMLElement {
  connectedCallback() {
    this.end = Date.now() + Number(this.dataset.seconds) * 1000;
    this.clock = this.querySelector(".till-clock");
    this.said = this.querySelector(".till-said");
    this.extend = this.querySelector("form");
    this.told = Infinity;
    this.timer = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  tick() {
    const left = Math.max(0, Math.ceil((this.end - Date.now()) / 1000));
    const minutes = Math.ceil(left / 60);
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    this.clock.textContent = this.clock.dataset.words.replace("%s", clock);
    this.classList.toggle("till-soon", minutes <= 5);
    if (this.extend && minutes <= 10) this.extend.hidden = false;
    for (const warning of [5, 2]) {
      if (minutes <= warning && this.told > warning) {
        this.told = warning;
        this.said.textContent = this.dataset.words.replace("%(num)s", minutes);
      }
    }
    if (left) return;
    clearInterval(this.timer);
    this.said.textContent = this.dataset.over;
  }
}

/** How many rows and seats each key goes on. */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * <seat-plan data-words>: keeps the number of tickets and of seats together, and says how many are chosen.
 * The Tab key stops once in each row, not at a hundred seats; the arrow keys go from seat to seat.
 */
class SeatPlan extends HTMLElement {
  connectedCallback() {
    this.rows = [...this.querySelectorAll(".till-row")]
      .map((row) => [...row.querySelectorAll("input")].filter((seat, place) => ((seat.place = place), !seat.disabled)))
      .filter((row) => row.length);
    for (const row of this.rows) this.stop(row, row.find((seat) => seat.checked) ?? row[0]);
    this.addEventListener("focusin", ({ target }) => {
      const row = this.rows.find((one) => one.includes(target));
      if (row) this.stop(row, target);
    });
    this.addEventListener("keydown", (event) => this.go(event));
    this.querySelector(".till-keys").hidden = false;
    this.querySelector(".till-row").setAttribute("aria-describedby", "plan-keys");
    this.form = this.closest("form");
    this.status = this.querySelector("[role=status]");
    this.form.addEventListener("change", (event) => this.count(event.target));
    this.count();
  }

  stop(row, here) {
    for (const seat of row) seat.tabIndex = seat === here ? 0 : -1;
  }

  go(event) {
    const at = this.rows.findIndex((row) => row.includes(event.target));
    if (at < 0 || !STEPS[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const [down, on] = STEPS[event.key];
    const row = this.rows[at + down] ?? this.rows[at];
    const away = (seat) => Math.abs(seat.place - event.target.place);
    const next = down ? [...row].sort((one, other) => away(one) - away(other))[0] : row[row.indexOf(event.target) + on];
    next?.focus();
  }

  count(changed) {
    const numbers = [...this.form.querySelectorAll("select[data-seated]")];
    const seats = this.querySelectorAll("input:checked").length;
    const tickets = () => numbers.reduce((sum, one) => sum + Number(one.value), 0);
    const only = numbers.filter((one) => one.value !== "0");
    if (changed?.name === "seat" && only.length < 2) {
      const one = only[0] ?? numbers[0];
      if ([...one.options].some((option) => option.value === String(seats))) one.value = String(seats);
    }
    const words = this.dataset.words.replace("%(seats)s", seats).replace("%(tickets)s", tickets());
    this.status.textContent = seats ? words : "";
  }
}

customElements.define("time-left", TimeLeft);
customElements.define("seat-plan", SeatPlan);
if (document.querySelector("door-eye")) import("./door.js");
// Who has no worker keeps nothing, and need not be asked.
for (const one of document.querySelectorAll("form[data-kept]")) {
  navigator.serviceWorker?.ready.then(() => (one.hidden = false));
}
