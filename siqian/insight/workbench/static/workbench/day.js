// The day of a grid worker in the telephone: forms go into the queue, what waits is shown, the walk is sorted where one stands.
import { Queue } from '../ui/queue.js'
import { metres, order } from './way.js'

const root = document.getElementById('day'), account = root.dataset.account
const words = JSON.parse(document.getElementById('day-words').textContent)
const say = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), words[name])
const el = (tag, more = {}, ...inside) => { const made = Object.assign(document.createElement(tag), more); made.append(...inside); return made }
const clock = at => new Date(at).toLocaleTimeString('zh-CN', { hour: 'numeric', minute: '2-digit', hour12: false })
const LONGEST_SIDE = 1600, MOST_PHOTOS = 3, UNDO = 8_000
// Where a browser keeps nothing (some do so in private windows), the forms go out by themselves as on any page.
let works = true
const queue = new Queue({ account, token: '/day/token' })

// ── where one stands: for the order on this screen, and for a record of which it is the place; nothing else learns it ──
let here = null
const locate = (patience = 4_000) => new Promise(resolve => {
  if (!navigator.geolocation) return resolve(null)
  const end = at => resolve(at ? (here = { lon: at.coords.longitude, lat: at.coords.latitude, at: Date.now() }) : null)
  setTimeout(end, patience)
  navigator.geolocation.getCurrentPosition(end, () => end(), { enableHighAccuracy: true, timeout: patience, maximumAge: 60_000 })
})
const far = n => n < 1000 ? say('far', { n: Math.round(n) }) : say('km', { n: (n / 1000).toFixed(1) })
function sort() {
  const walk = document.getElementById('walk')
  if (!walk || !here) return
  const rows = new Map([...walk.children].map(row => [row.dataset.key, row]))
  const stops = [...rows.values()].map(({ dataset: { key, lon, lat, due } }) => ({ key, lon: +lon, lat: +lat, due: due ? (new Date(due) - Date.now()) / 60_000 : null }))
  let from = [here.lon, here.lat]
  for (const stop of order(from, stops)) {
    const row = rows.get(stop.key), to = [stop.lon, stop.lat]
    row.querySelector('[data-far]').textContent = far(metres(from, to))
    walk.append(row)
    from = to
  }
  document.getElementById('how').textContent = words.here
}
function offerHere() {
  const button = document.getElementById('here')
  if (!button || !navigator.geolocation) return
  button.hidden = false
  button.onclick = async () => { await locate(8_000) ? sort() : toast(words.nowhere) }
}

// ── forms: drafts while one writes, into the queue when one sends ──
const keys = new WeakMap()
const shots = new WeakMap()
const keyOf = form => { if (!keys.has(form)) keys.set(form, crypto.randomUUID()); return keys.get(form) }
const fieldsOf = (form, pressed) => {
  const fields = {}
  for (const [name, value] of new FormData(form, pressed)) if (typeof value === 'string' && !['csrfmiddlewaretoken', 'key'].includes(name)) fields[name] = value
  return fields
}
async function smaller(file) {
  try {
    const picture = await createImageBitmap(file), share = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
    const canvas = el('canvas', { width: Math.round(picture.width * share), height: Math.round(picture.height * share) })
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', 0.85))
    return { name: file.name.replace(/\.\w+$/, '') + '.jpg', blob: blob || file }
  } catch { return { name: file.name, blob: file } }
}
function showShots(form) {
  const label = form.querySelector('[data-shots]'), n = shots.get(form)?.length || 0
  if (label && n) label.textContent = label.dataset.shots.replace('{n}', n)
}
const timers = new WeakMap()
function draft(form) {
  if (!form.querySelector('textarea')) return
  return queue.keepDraft(form.dataset.form, { key: keyOf(form), fields: fieldsOf(form), photos: shots.get(form) || [] }).catch(full)
}
const full = () => toast(words.full)
root.addEventListener('input', event => {
  const form = event.target.form
  if (!works || !form?.dataset.queue || event.target.type === 'file') return
  clearTimeout(timers.get(form))
  timers.set(form, setTimeout(() => draft(form), 250))
})
root.addEventListener('change', async event => {
  const form = event.target.form
  if (!works || !form?.dataset.queue || event.target.type !== 'file') return
  const made = (async () => {
    const taken = [...shots.get(form) || [], ...await Promise.all([...event.target.files].map(smaller))]
    if (taken.length > MOST_PHOTOS) toast(words.photos)
    shots.set(form, taken.slice(0, MOST_PHOTOS))
    event.target.value = ''
    showShots(form)
    await draft(form)
  })()
  form.ready = made
})
root.addEventListener('click', event => {
  const word = event.target.closest('[data-word]')
  if (word) {
    const text = word.closest('form').elements.text
    text.value = [text.value.trim(), word.dataset.word].filter(Boolean).join('，')
    text.dispatchEvent(new Event('input', { bubbles: true }))
  }
  const link = event.target.closest('a[href^="/desk"]')
  if (link && !navigator.onLine) { event.preventDefault(); toast(words.closed) }
})
root.addEventListener('toggle', event => {
  if (event.target.open && event.target.querySelector('[data-place]')) navigator.permissions?.query({ name: 'geolocation' }).then(found => {
    if (found.state === 'granted' || (found.state === 'prompt' && matchMedia('(pointer:coarse)').matches)) locate()
  }).catch(() => {})
}, true)
// Before the page's own guard against a second tap sees it.
addEventListener('submit', event => {
  const form = event.target
  if (!works || !form.dataset.queue || !root.contains(form)) return
  event.preventDefault()
  event.stopPropagation()
  hand(form, event.submitter)
}, true)
async function hand(form, pressed) {
  if (form.busy) return
  form.busy = true
  try {
    clearTimeout(timers.get(form))
    await form.ready
    const fields = fieldsOf(form, pressed)
    if (here && form.hasAttribute('data-place') && Date.now() - here.at < 120_000) Object.assign(fields, { lon: here.lon.toFixed(6), lat: here.lat.toFixed(6) })
    if (form.dataset.queue === 'report' && !fields.building && !fields.lon) {
      if (!await locate()) { form.elements.building.focus(); return toast(words.place) }
      Object.assign(fields, { lon: here.lon.toFixed(6), lat: here.lat.toFixed(6) })
    }
    const { form: id, subject, label } = form.dataset, undo = form.hasAttribute('data-undo')
    const key = keyOf(form)
    await queue.put({ key, subject: subject === 'report' ? `report:${key}` : subject, label, url: form.getAttribute('action'), fields, photos: shots.get(form) || [], hold: undo ? UNDO : 0, draft: id })
    keys.delete(form)
    shots.delete(form)
    form.reset()
    form.querySelectorAll('[data-shots]').forEach(one => { one.textContent = one.dataset.first || one.textContent })
    const box = form.closest('details')
    if (box) { box.open = false; box.querySelector('summary').focus() }
    undo ? toast(say('asked', { s: UNDO / 1000 }), () => take(key)) : toast(words.kept)
  } catch { full() } finally { form.busy = false }
}
async function take(key) {
  const entry = (await queue.open()).find(one => one.key === key)
  if (entry && await queue.drop(entry.number)) toast(words.undone)
}

// ── what waits ──
let shown = ''
async function show() {
  const open = await queue.open()
  const state = JSON.stringify([open.map(entry => [entry.number, entry.state, entry.tries, entry.answer]), queue.trouble, navigator.onLine])
  if (state === shown) return
  shown = state
  const box = document.getElementById('kept'), list = box.querySelector('ul')
  box.hidden = !open.length
  document.getElementById('h-kept').textContent = say('waiting', { n: open.length })
  const why = document.getElementById('kept-why')
  why.textContent = ''
  if (queue.trouble === 'login') why.append(words.login + ' ', el('a', { href: '/sign-in?next=/day', className: 'btn btn-s', textContent: words.sign_in }))
  else if (queue.trouble === 'other') why.textContent = words.other
  // What is being mended keeps its place under the finger.
  const behind = entry => open.some(other => other.subject === entry.subject && other.number < entry.number && (other.state === 'conflict' || other.tries))
  if (!list.contains(document.activeElement) || document.activeElement.tagName !== 'TEXTAREA') list.replaceChildren(...open.map(entry => row(entry, behind(entry))))
  for (const item of root.querySelectorAll('li[data-subject]')) {
    const mine = open.filter(entry => entry.subject === item.dataset.subject)
    const line = item.querySelector('[data-state]')
    line.hidden = !mine.length
    line.textContent = mine.length ? standing(mine.at(-1)) : ''
    item.classList.toggle('waits', mine.length > 0)
  }
  status()
}
const standing = entry => entry.state === 'conflict' ? say('conflict', { why: entry.answer.title }) : entry.tries ? words.sending : words.kept
function row(entry, behind) {
  const item = el('li', {}, el('b', { textContent: entry.label }), el('span', { className: 'xs mut', textContent: say('then', { at: clock(entry.made) }) }))
  if (entry.fields.text) item.append(el('p', { className: 'sm', textContent: entry.fields.text }))
  if (entry.state !== 'conflict') {
    const status = entry.answer?.status, waits = behind ? words.before : status ? say('slow', { in: span(entry.next - Date.now()) }) : words.waits
    item.append(el('p', { className: 'xs mut', textContent: waits }))
    if (!entry.tries) item.append(dropping(entry))
    return item
  }
  item.className = 'no'
  item.append(el('p', { className: 'wrong sm', role: 'alert', textContent: say('conflict', { why: entry.answer.title }) }))
  if (entry.answer.now) item.append(el('p', { className: 'sm', textContent: entry.answer.now }))
  const text = el('textarea', { className: 'in', rows: 2, value: entry.fields.text || '' })
  text.setAttribute('aria-label', entry.label)
  const houses = document.querySelector('[data-form=report] select'), where = entry.url.endsWith('/reports') && houses ? houses.cloneNode(true) : null
  const again = el('button', { className: 'btn btn-s', type: 'button', textContent: 'text' in entry.fields ? words.edit : words.again })
  again.onclick = () => {
    const place = where?.value ? { building: where.value } : {}
    document.activeElement.blur()
    queue.change(entry.number, 'text' in entry.fields ? { text: text.value, ...place } : place)
  }
  item.append(...('text' in entry.fields ? [text] : []), ...(where ? [where] : []), el('div', { className: 'btns' }, again, dropping(entry)))
  return item
}
function dropping(entry) {
  const button = el('button', { className: 'btn btn-s btn-no', type: 'button', textContent: words.drop })
  button.onclick = () => {
    if (button.dataset.sure) return queue.drop(entry.number)
    button.dataset.sure = 'yes'
    button.textContent = words.sure
  }
  return button
}
const span = ms => ms < 60_000 ? say('seconds', { n: Math.max(1, Math.round(ms / 1000)) }) : say('minutes', { n: Math.round(ms / 60_000) })
let stale = Date.now() - new Date(root.dataset.at) > 30_000
function status() {
  const line = document.getElementById('net'), off = !navigator.onLine || queue.trouble === 'offline'
  line.hidden = !off
  line.querySelector('span').textContent = stale ? say('stored', { at: clock(root.dataset.at) }) : words.offline
}
let going
function toast(text, undo) {
  const box = document.getElementById('toast')
  clearTimeout(going)
  const told = el('p', { className: 'toast' }, el('span', { textContent: text }))
  if (undo) told.append(el('button', { type: 'button', textContent: words.undo, onclick: () => { box.replaceChildren(); undo() } }))
  box.replaceChildren(told)
  going = setTimeout(() => box.replaceChildren(), undo ? UNDO : 4_000)
}

// ── the page comes anew when something was sent, unless somebody writes on it ──
async function renew() {
  const trip = document.getElementById('trip')
  if (trip.contains(document.activeElement) && document.activeElement.matches('textarea, input')) return
  if ([...trip.querySelectorAll('details[open] textarea')].some(text => text.value)) return
  const answer = await fetch('/day', { headers: { 'X-Part': 'day' }, redirect: 'manual' }).catch(() => null)
  if (!answer?.ok) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html'), fresh = page.getElementById('day')
  if (fresh?.dataset.account !== account) return
  for (const part of ['#trip', '#did-s', '.day-h h1']) document.querySelector(part).replaceWith(page.querySelector(part))
  root.dataset.at = fresh.dataset.at
  stale = false
  shown = ''
  ready()
}
let renewing
queue.addEventListener('sent', ({ detail }) => {
  if (!document.querySelector('#toast button')) toast(detail.answer.says)
  clearTimeout(renewing); renewing = setTimeout(renew, 800)
})
queue.addEventListener('change', () => show())
addEventListener('online', () => status())
addEventListener('offline', () => status())
document.getElementById('send-now').onclick = () => queue.now()

function ready() {
  root.querySelectorAll('.quick').forEach(one => { one.hidden = false })
  root.querySelectorAll('[data-shots]').forEach(one => { one.dataset.first = one.textContent })
  offerHere()
  sort()
  show()
}
async function restore() {
  for (const { form: id, key, fields, photos } of await queue.drafts()) {
    const form = [...root.querySelectorAll('form[data-form]')].find(one => one.dataset.form === id)
    if (!form || !(fields.text || photos.length)) continue
    keys.set(form, key)
    shots.set(form, photos)
    for (const [name, value] of Object.entries(fields)) {
      const field = form.elements[name]
      if (field instanceof RadioNodeList || (field && field.type !== 'file')) field.value = value
    }
    showShots(form)
    const box = form.closest('details')
    if (box && !box.querySelector('.left')) box.querySelector('summary').append(el('span', { className: 'left xs', textContent: words.draft }))
  }
}
try {
  // Whoever is somebody else in this browser finds nothing of this page: ui/siqian.js takes it away.
  localStorage.day = account
} catch {}
navigator.serviceWorker?.register('/day-worker.js', { scope: '/day' }).catch(error => console.warn(error))
navigator.permissions?.query({ name: 'geolocation' }).then(found => { if (found.state === 'granted') locate().then(at => at && sort()) }).catch(() => {})
works = await queue.open().then(() => true, () => false)
if (works) {
  await restore().catch(error => console.warn(error))
  ready()
  queue.send()
}
root.dataset.ready = 'yes'
