// Small enough to read in a minute. Every page works without it.
const root = document.documentElement
const $ = (what, within = document) => within.querySelector(what)

// Big letters: remembered on this phone only.
try { if (localStorage.letter === 'big') root.dataset.letter = 'big' } catch {}
const letter = $('[data-do="letter"]')
letter?.setAttribute('aria-pressed', root.dataset.letter === 'big')
letter?.addEventListener('click', event => {
  event.preventDefault()
  const big = root.dataset.letter !== 'big'
  if (big) root.dataset.letter = 'big'; else delete root.dataset.letter
  letter.setAttribute('aria-pressed', big)
  try { localStorage.letter = big ? 'big' : '' } catch {}
})

// A form is sent once, however often it is tapped.
document.addEventListener('submit', event => {
  if (event.target.dataset.sent) return event.preventDefault()
  if (event.target.method === 'post' && !event.defaultPrevented) {
    event.target.dataset.sent = 'yes'
    setTimeout(() => delete event.target.dataset.sent, 4000)
  }
})

// Live parts ask again every three seconds; an unchanged one answers 304 and nothing moves.
for (const part of document.querySelectorAll('[data-live]')) {
  let tag = part.dataset.tag || ''
  const ask = async () => {
    if (document.hidden || part.dataset.paused) return
    try {
      const answer = await fetch(part.dataset.live, { headers: { 'If-None-Match': tag, 'X-Part': 'live' } })
      if (answer.status === 200) {
        tag = answer.headers.get('ETag') || ''
        const keep = document.activeElement?.id
        part.innerHTML = await answer.text()
        if (keep) document.getElementById(keep)?.focus()
        part.dispatchEvent(new CustomEvent('fresh', { bubbles: true }))
      }
      root.classList.remove('is-offline')
    } catch { root.classList.add('is-offline') }
  }
  setInterval(ask, 3000)
}
// A day that was kept in this browser for work without a network goes when its owner does; what was not sent yet stays.
try {
  if (localStorage.day && localStorage.day !== document.body.dataset.account) {
    caches.keys().then(names => names.filter(name => name.startsWith('siqian-day-')).forEach(name => caches.delete(name)))
    delete localStorage.day
  }
} catch {}
root.dataset.ready = 'yes'
