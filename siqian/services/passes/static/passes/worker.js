// Keeps one page and its shell in the telephone, so that it opens without a network. Sends nothing.
const VERSION = '__VERSION__', SHELL = "__SHELL__", PAGE = '__PAGE__', NAME = '__NAME__'
const CACHE = `siqian-${NAME}-${VERSION}`, PATIENCE = 2_000

self.addEventListener('install', event => event.waitUntil((async () => {
  const cache = await caches.open(CACHE)
  await cache.addAll(SHELL.map(url => new Request(url, { cache: 'reload' })))
  // A gate's page is nobody's: whoever signed in to bind it is not on the one that is kept.
  await fetch(PAGE, { credentials: NAME === 'gate' ? 'omit' : 'same-origin', redirect: 'manual' }).then(answer => keep(cache, answer)).catch(() => {})
  await self.skipWaiting()
})()))
self.addEventListener('activate', event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith(`siqian-${NAME}-`) && name !== CACHE) await caches.delete(name)
  await self.clients.claim()
})()))
self.addEventListener('fetch', event => {
  const { request } = event, url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate' && url.pathname === PAGE) event.respondWith(page(event))
  else if (SHELL.includes(url.pathname)) event.respondWith(caches.match(request, { cacheName: CACHE, ignoreSearch: true }).then(found => found || fetch(request)))
})
async function page(event) {
  const cache = await caches.open(CACHE)
  const asked = fetch(event.request).then(async answer => { await keep(cache, answer); return answer })
  event.waitUntil(asked.catch(() => {}))
  const late = new Promise(resolve => setTimeout(resolve, PATIENCE))
  const first = await Promise.race([asked, late]).catch(() => null)
  if (first && first.status < 500) return first
  return await cache.match(PAGE) || asked
}
// Only the page itself is kept; being sent to the sign-in takes it away.
async function keep(cache, answer) {
  if (answer.ok && !answer.redirected && answer.headers.get('X-Kept') === NAME) await cache.put(PAGE, answer.clone())
  else if (answer.type === 'opaqueredirect' || answer.redirected) await cache.delete(PAGE)
}
