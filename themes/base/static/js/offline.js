/** Have the site's worker keep what was seen (themes/base/worker/sw.js). A house that wants none has no manifest either. */
export function keepOffline(root) {
  if (!root.querySelector("link[rel=manifest]") || !("serviceWorker" in navigator)) return;
  const register = () => navigator.serviceWorker.register(new URL("../sw.js", import.meta.url)).catch(() => {});
  if (root.readyState === "complete") register();
  else window.addEventListener("load", register); // after what the visitor came for
}
