/** A new version is fetched beside the running one and waits until the app is asked to reload: no half-typed form is lost. */

export function watchForUpdates(ready: () => void): () => void {
  if (!("serviceWorker" in navigator)) return () => location.reload();
  let waiting: ServiceWorker | null = null;
  const found = (worker: ServiceWorker | null): void => {
    if (!worker || !navigator.serviceWorker.controller) return; // the first one takes over by itself
    waiting = worker;
    ready();
  };
  void navigator.serviceWorker.register("/phone/sw.js", { scope: "/phone/", updateViaCache: "none" }).then((registration) => {
    found(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const installing = registration.installing;
      installing?.addEventListener("statechange", () => installing.state === "installed" && found(installing));
    });
    setInterval(() => void registration.update().catch(() => undefined), 3_600_000);
  }, () => undefined);
  return () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    if (waiting) waiting.postMessage("take over");
    else location.reload();
  };
}
