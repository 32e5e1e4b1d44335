// This site wants no worker: the one that a visitor still has takes itself away, with all that it kept.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith(`etalage ${registration.scope}`)).map((name) => caches.delete(name))))
      .then(() => registration.unregister()),
  );
});
