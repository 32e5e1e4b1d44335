/** <door-eye>: reads a code with the camera, in a browser that can (functions/door.py). The field does the same without it. */
class DoorEye extends HTMLElement {
  connectedCallback() {
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
    this.hidden = false;
    this.querySelector("button").addEventListener("click", () => this.look().catch(() => (this.hidden = true))); // no camera, or not allowed
  }

  /** Each ticket wants a press: the last one may still be before the eye. */
  async look() {
    const reader = new BarcodeDetector({ formats: ["qr_code"] });
    const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    this.replaceChildren(video);
    await video.play();
    let found;
    while (!found) {
      await new Promise(requestAnimationFrame);
      [found] = await reader.detect(video);
    }
    const form = this.closest("form");
    form.elements.code.value = found.rawValue;
    form.requestSubmit();
  }
}

customElements.define("door-eye", DoorEye);
