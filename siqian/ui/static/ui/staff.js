// Staff lists by keyboard: j/k walk, x marks, Enter opens, letters press the buttons that name them; never while typing.
const rows = () => [...document.querySelectorAll('[data-rows] [data-go]')]
let at = 0
const typing = event => event.target.matches('input:not([type=checkbox]),textarea,select') || event.ctrlKey || event.metaKey || event.altKey
const go = n => {
  const all = rows()
  all.forEach(row => row.classList.remove('at'))
  at = Math.max(0, Math.min(all.length - 1, n))
  all[at]?.classList.add('at')
  all[at]?.scrollIntoView({ block: 'nearest' })
  peek(all[at])
}
const marked = () => rows().filter(row => row.querySelector('input[type=checkbox]')?.checked)
const peek = async row => {
  const box = document.getElementById('peek')
  if (!box || !row?.dataset.peek) return
  const answer = await fetch(row.dataset.peek)
  if (answer.ok) box.innerHTML = await answer.text()
}
const count = () => {
  const n = marked().length, bar = document.querySelector('.bulk')
  rows().forEach(row => row.setAttribute('aria-selected', row.querySelector('input[type=checkbox]')?.checked || false))
  if (bar) { bar.hidden = !n; bar.querySelector('[data-n]').textContent = n }
}
document.addEventListener('change', event => { if (event.target.closest('[data-rows]')) count() })
document.addEventListener('fresh', () => { count(); go(at) })
document.addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    document.querySelectorAll('dialog[open]').forEach(box => box.close())
    if (typing(event)) return event.target.blur()
    rows().forEach(row => { const box = row.querySelector('input[type=checkbox]'); if (box) box.checked = false })
    return count()
  }
  if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') return event.target.form?.requestSubmit()
  if (typing(event)) return
  const key = event.key.toLowerCase()
  if (key === 'j' && rows().length) go(at + 1)
  else if (key === 'k' && rows().length) go(at - 1)
  else if (key === 'x') rows()[at]?.querySelector('input[type=checkbox]')?.click()
  else if (key === 'enter' && event.target === document.body) rows()[at]?.querySelector('a')?.click()
  else if (key === '?') document.getElementById('keys')?.showModal()
  else {
    const target = [...document.querySelectorAll('[data-key]')].find(one => one.dataset.key === key && one.offsetParent)
    if (!target) return
    target.matches('input,textarea') ? target.focus() : target.click()
  }
  event.preventDefault()
})
document.addEventListener('click', event => {
  const opener = event.target.closest('[data-opens]')
  if (opener) { event.preventDefault(); const box = document.getElementById(opener.dataset.opens); box.showModal ? box.showModal() : (box.hidden = !box.hidden); box.querySelector('textarea,input:not([type=hidden]),select')?.focus() }
  if (event.target.closest('[data-closes]')) event.target.closest('dialog')?.close()
  const unmark = event.target.closest('[data-unmark]')
  if (unmark) { rows().forEach(row => { row.querySelector('input[type=checkbox]').checked = false }); count() }
})
// A box that comes open with the page, as after a search inside it, lies where it lay before: over the page.
document.querySelectorAll('dialog.box[open]').forEach(box => { box.close(); box.showModal?.() })
if (rows().length && matchMedia('(min-width:761px)').matches) go(0)
// On the spot a telephone is asked once where it is; whatever it says, and if it says nothing, the form goes out. At a desk nobody is
// asked who has not allowed it before. Asked before the guard against a second tap takes the form for sent.
const PATIENCE = 4000
let allowed = 'prompt'
navigator.permissions?.query({ name: 'geolocation' }).then(found => { allowed = found.state; found.onchange = () => { allowed = found.state } }).catch(() => {})
document.addEventListener('submit', event => {
  const form = event.target.closest('form[data-where]')
  const asks = allowed === 'granted' || (allowed === 'prompt' && matchMedia('(pointer:coarse)').matches)
  if (!form || !asks || form.dataset.asked === 'done' || !navigator.geolocation) return
  event.preventDefault()
  if (form.dataset.asked) return
  form.dataset.asked = 'waits'
  const pressed = event.submitter
  const send = at => {
    if (form.dataset.asked === 'done') return
    if (at) for (const [name, key] of [['lon', 'longitude'], ['lat', 'latitude']]) form.elements[name].value = at.coords[key].toFixed(6)
    form.dataset.asked = 'done'
    form.requestSubmit(pressed)
  }
  // A question that nobody answers has no time-out of its own.
  setTimeout(send, PATIENCE)
  navigator.geolocation.getCurrentPosition(send, () => send(), { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 60000 })
}, true)
// What stands beside a text is asked again when its writer rests; an answer to what is no longer written is let go.
const REST = 600
const ask = async text => {
  const asked = text.value, token = text.form.elements.csrfmiddlewaretoken.value
  const answer = await fetch(text.dataset.asks, { method: 'POST', headers: { 'X-CSRFToken': token }, body: new URLSearchParams({ text: asked }) }).catch(() => null)
  if (answer?.ok && text.value === asked) document.getElementById(text.dataset.into).innerHTML = await answer.text()
}
const resting = new WeakMap()
document.addEventListener('input', event => {
  const text = event.target.closest('[data-asks]')
  if (!text) return
  clearTimeout(resting.get(text))
  resting.set(text, setTimeout(ask, REST, text))
})
document.addEventListener('focusin', event => { if (event.target.matches('[data-asks]:not([data-asked])')) { event.target.dataset.asked = 'yes'; ask(event.target) } })
document.addEventListener('click', event => {
  const fill = event.target.closest('[data-fill]')
  if (!fill) return
  const text = fill.closest('form').querySelector('[data-asks]')
  text.value = fill.parentElement.querySelector('[data-words]').textContent
  text.dispatchEvent(new Event('input', { bubbles: true }))
  text.focus()
})
// Who signs out while something still waits in the browser is told how much, and taps once more.
const leaving = document.querySelector('form[action="/sign-out"]')
leaving?.addEventListener('submit', async event => {
  const account = document.body.dataset.account
  if (leaving.dataset.sure || !account || !self.indexedDB) return
  event.preventDefault()
  event.stopPropagation()
  const count = await import('./queue.js').then(queue => queue.waiting(account)).catch(() => 0)
  leaving.dataset.sure = 'yes'
  if (!count) return leaving.requestSubmit()
  leaving.querySelector('button').lastChild.textContent = leaving.dataset.waiting.replace('{n}', count)
})
