// The worker behind the site: keeps static files whose address never changes its meaning, and says
// so honestly when a page cannot be fetched. It never keeps a page, a game or an answer.
// The server puts HOUSE before this: { stamp, page, files }.
const CACHE = `static-${HOUSE.stamp}`;
const STATIC = `/static/${HOUSE.stamp}/`;

addEventListener("install", event => {
  // Where browsers can, taps and streams do not even wake the worker.
  event.addRoutes?.([
    { condition: { requestMethod: "POST" }, source: "network" },
    { condition: { urlPattern: "/games/*/events*" }, source: "network" },
  ]);
  const keep = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll([HOUSE.page, ...HOUSE.files].map(address => new Request(address, { credentials: "omit" })));
    await skipWaiting();
  };
  event.waitUntil(keep());
});

addEventListener("activate", event => {
  const clear = async () => {
    await registration.navigationPreload?.enable(); // pages do not wait for the worker to wake
    const old = (await caches.keys()).filter(name => name !== CACHE);
    await Promise.all(old.map(name => caches.delete(name)));
  };
  event.waitUntil(clear());
});

const page = async ({ request, preloadResponse }) => {
  try {
    return (await preloadResponse) ?? (await fetch(request));
  } catch {
    return caches.match(HOUSE.page);
  }
};

const kept = async request => {
  const known = await caches.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
};

addEventListener("fetch", event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (pathname.startsWith(STATIC)) event.respondWith(kept(request));
});
