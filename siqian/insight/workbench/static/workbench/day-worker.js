// Keeps the page of the day in the telephone: its shell by version, the page itself as it was seen last. Sends nothing and deletes nothing else.
const VERSION = '__VERSION__', SHELL = "__SHELL__", PAGE = '/day'
const CACHE = `siqian-day-${VERSION}`, PATIENCE = 3_000

self.addEventListener('install', event => event.waitUntil((async () => {
  const cache = await caches.open(CACHE)
  await cache.addAll(SHELL.map(url => new Request(url, { cache: 'reload' })))
  await fetch(PAGE, { credentials: 'same-origin', redirect: 'manual' }).then(answer => keep(cache, answer)).catch(() => {})
  await self.skipWaiting()
})()))

self.addEventListener('activate', event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith('siqian-day-') && name !== CACHE) await caches.delete(name)
  await self.clients.claim()
})()))

self.addEventListener('fetch', event => {
  const { request } = event, url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate' && url.pathname === PAGE) event.respondWith(page(event))
  else if (request.headers.get('X-Part') === 'day') event.respondWith(part(request))
  else if (SHELL.includes(url.pathname)) event.respondWith(shell(request))
})

// The page comes from the server; when that takes long or fails, as it was seen last.
async function page(event) {
  const cache = await caches.open(CACHE)
  const asked = fetch(event.request).then(async answer => { await keep(cache, answer); return answer })
  event.waitUntil(asked.catch(() => {}))
  const late = new Promise(resolve => setTimeout(resolve, PATIENCE))
  const first = await Promise.race([asked, late]).catch(() => null)
  if (first && first.status < 500) return first
  return await cache.match(PAGE) || asked
}

// The page asks for itself anew once something was sent: what comes is also what is kept.
async function part(request) {
  const answer = await fetch(request)
  await keep(await caches.open(CACHE), answer)
  return answer
}

async function shell(request) {
  return await caches.match(request, { cacheName: CACHE, ignoreSearch: true }) || fetch(request)
}

// A page of somebody who is signed in is kept; being sent to the sign-in takes it away.
async function keep(cache, answer) {
  if (answer.ok && !answer.redirected && answer.headers.get('X-Day-Of')) await cache.put(PAGE, answer.clone())
  else if (answer.type === 'opaqueredirect' || answer.redirected) await cache.delete(PAGE)
}
