/**
 * Keeps the full-page chat openable without a connection: its page, its scripts and how the bot looks.
 *
 * Nothing of a conversation goes in here: what is kept is named below, and all else goes to the network.
 */

/// <reference lib="webworker" />
export {};
declare const self: ServiceWorkerGlobalScope;

const SHELL = "shopwright-chat-1";
const MOST = 60;
const KEPT = [/^\/chat\/[0-9a-f-]{36}$/, /^\/widget\/[\w.-]+$/, /^\/v1\/widget\/config$/, /^\/icons\/[\w.-]+$/];
const UNCHANGING = /^\/widget\/[\w-]+\.[\w-]+\.\w+$/;

self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name.startsWith("shopwright-chat-") && name !== SHELL));
  event.waitUntil(old.then((names) => Promise.all(names.map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const kept = event.request.method === "GET" && url.origin === location.origin && KEPT.some((path) => path.test(url.pathname));
  if (kept) event.respondWith(answer(event.request, UNCHANGING.test(url.pathname)));
});

async function answer(request: Request, unchanging: boolean): Promise<Response> {
  const cache = await caches.open(SHELL);
  const known = await cache.match(request);
  if (known && unchanging) return known;
  try {
    const fresh = await fetch(request);
    if (fresh.ok) {
      await cache.put(request, fresh.clone());
      const all = await cache.keys();
      await Promise.all(all.slice(0, Math.max(0, all.length - MOST)).map((old) => cache.delete(old)));
    }
    return fresh;
  } catch (error) {
    if (known) return known;
    throw error;
  }
}
