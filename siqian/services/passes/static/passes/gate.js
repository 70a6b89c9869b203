// A gate in a phone: decides by itself with the signed bundle, with or without a network; visits wait here until they can be sent.
import { Fault, check, fromCbor, hex, publicKey, signedOf } from './codes.js'
import { decide, sentences } from './deciding.js'
import { keeper } from './keeping.js'
import { draw, markOf } from './marks.js'
import { readShown } from './passing.js'

const words = JSON.parse(document.getElementById('gate-words').textContent), store = await keeper('siqian-gate')
const $ = id => document.getElementById(id), now = () => Math.floor(Date.now() / 1000)
const SYNC = 120_000, MOST_WAITING = 5000, BATCH = 200, UNREAD = ['base45', 'zlib', 'cbor', 'cose'], PLAIN = ['prefix', 'pass_alone', 'stale', 'expired', 'from_the_future', 'issuer']
let gate = await store.get('gate') || null, held = null, camera = null, busy = false
const seen = new Map()

// ── the bundle: good only when the root that this phone was bound with stands behind its key ──
async function opened(raw, root) {
  const signed = signedOf(raw), content = fromCbor(signed.payload), issuers = new Map()
  for (const statement of content.get('keys')) {
    const one = signedOf(statement)
    await check(one, await publicKey(root), 'XGK')
    const [id, point, since, until] = fromCbor(one.payload)
    issuers.set(hex(id), { key: await publicKey(point), since, until })
  }
  const own = new Set(content.get('own').map(hex))
  if (!own.has(hex(signed.kid))) throw new Fault('signature', 'issuer')
  await check(signed, issuers.get(hex(signed.kid)).key, 'XGB')
  const packed = new Blob([content.get('status')]).stream().pipeThrough(new DecompressionStream('deflate'))
  const status = new Uint8Array(await new Response(packed).arrayBuffer())
  return { issuers, own, status, rules: JSON.parse(content.get('rules')), mark: content.get('mark'), locked: content.get('locked'), issued: content.get('iat'), grace: content.get('grace'), gate: content.get('gate'), compound: content.get('compound') }
}
async function sync() {
  if (!gate) return
  try {
    const answer = await fetch('/api/passes/bundle', { headers: { Authorization: `Bearer ${gate.token}` } })
    if (answer.status === 403) return unbound()
    if (!answer.ok) throw new Error(String(answer.status))
    const raw = new Uint8Array(await answer.arrayBuffer()), next = await opened(raw, gate.root)
    // An older bundle than the one in hand would bring back what was shut out since.
    if (!held || next.issued >= held.issued) { held = next; await store.put('bundle', raw) }
    await send()
    $('gate-page').classList.remove('is-away')
  } catch (error) {
    if (error instanceof Fault) $('gate-note').textContent = words.badBundle
    $('gate-page').classList.add('is-away')
  }
  await idle()
}
async function send() {
  const waiting = await store.get('visits') || []
  while (waiting.length) {
    const some = waiting.slice(0, BATCH)
    const answer = await fetch('/api/passes/visits', { method: 'POST', body: JSON.stringify({ visits: some }), headers: { Authorization: `Bearer ${gate.token}`, 'Content-Type': 'application/json' } })
    if (!answer.ok) return
    waiting.splice(0, some.length)
    await store.put('visits', waiting)
  }
}
async function keep(visit) {
  const waiting = await store.get('visits') || [], day = new Date().toDateString(), count = await store.get('count') || { day, n: 0 }
  waiting.push(visit)
  await store.put('visits', waiting.slice(-MOST_WAITING))
  await store.put('count', count.day === day ? { day, n: count.n + 1 } : { day, n: 1 })
}

// ── one code ──
export async function judge(text, at = now()) {
  const place = gate.code
  let shown
  try { shown = await readShown(text.trim(), held.issuers, place, at) } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    const reason = PLAIN.includes(fault.reason) ? fault.reason : fault.stage === 'place' ? 'wrong_gate' : UNREAD.includes(fault.stage) ? 'unread' : 'signature'
    return { decision: { colour: 'red', reason }, shown: null }
  }
  const { pass, slot } = shown, known = `${pass.id}:${slot}`
  const revoked = held.own.has(pass.kid) && (pass.index >> 3 >= held.status.length || held.status[pass.index >> 3] >> (pass.index & 7) & 1)
  if (revoked) return { decision: { colour: 'red', reason: 'revoked', klass: pass.klass }, shown }
  for (const [key, then] of seen) if (at - then > 120) seen.delete(key)
  if (seen.has(known)) return { decision: { colour: 'red', reason: 'replayed', klass: pass.klass }, shown, again: true }
  const decision = { ...decide(held.rules, { gate: place, klass: pass.klass, goes: pass.goes, at, lockedUntil: held.locked }), klass: pass.klass }
  // Too long without a network: who was shut out since is not known here. A human looks.
  if (at > held.grace && decision.colour === 'green' && pass.klass !== 'emergency') return { decision: { ...decision, colour: 'amber', reason: 'old_list' }, shown }
  if (decision.colour === 'green') seen.set(known, at)
  return { decision, shown }
}
async function take(text) {
  if (busy || !held) return
  busy = true
  const begun = performance.now(), { decision, shown, again } = await judge(text)
  if (!again) await keep({ code: shown?.pass.id || '', slot: shown?.slot || 0, klass: decision.klass || '', decision: decision.colour, reason: decision.reason, way: 'gate', then: new Date().toISOString(), waited: 0, note: '' })
  await present(decision)
  document.documentElement.dataset.took = String(Math.round(performance.now() - begun))
  if (navigator.onLine) send().catch(() => {})
}
async function present(decision) {
  const page = $('gate-page'), { word, say, toward } = sentences(decision, held.rules, words)
  page.className = `gate gate-${{ green: 'go', amber: 'ask', red: 'stop' }[decision.colour]}`
  $('idle').hidden = true
  $('told').hidden = false
  $('word').textContent = word
  $('say').textContent = say
  const rows = decision.colour === 'green' ? [[words.speed, held.rules.speed ? words.kmh.replace('{n}', held.rules.speed) : ''], [words.parking, held.rules.parking], [words.leave, held.rules.leave_by ? words.out.replace('{at}', `${Math.floor(held.rules.leave_by / 60)}:${String(held.rules.leave_by % 60).padStart(2, '0')}`) : '']] : [[words.way, toward]]
  $('more').replaceChildren(...rows.filter(([, value]) => value).flatMap(([name, value]) => [el('dt', name), el('dd', value)]))
  $('hand').hidden = decision.colour === 'green'
  const count = (await store.get('count'))?.n || 0
  $('foot').textContent = (navigator.onLine && !page.classList.contains('is-away') ? '' : words.waits) + words.today.replace('{n}', count)
  tone(decision.colour)
  navigator.vibrate?.(decision.colour === 'green' ? 120 : [120, 80, 120])
  $('word').focus()
}
const el = (tag, text) => Object.assign(document.createElement(tag), { textContent: text })
let sound = null
function tone(colour) {
  try {
    sound ||= new AudioContext()
    const note = sound.createOscillator(), loud = sound.createGain()
    note.frequency.value = { green: 880, amber: 520, red: 220 }[colour]
    loud.gain.value = 0.2
    note.connect(loud).connect(sound.destination)
    note.start()
    note.stop(sound.currentTime + (colour === 'green' ? 0.15 : 0.45))
  } catch {}
}

// ── between two couriers ──
async function idle() {
  const page = $('gate-page')
  if (!gate) { $('bind').hidden = false; $('idle').hidden = $('told').hidden = true; return }
  $('bind').hidden = true
  if (!$('told').hidden) return
  $('idle').hidden = false
  page.className = page.classList.contains('is-away') ? 'gate gate-idle is-away' : 'gate gate-idle'
  if (!held) { $('gate-note').textContent = words.first; return }
  $('gate-name').textContent = `${held.compound[1]} ${held.gate[1]}`
  draw($('gate-mark'), await markOf(held.mark, now()), words.shapes)
  const waiting = (await store.get('visits') || []).length, away = page.classList.contains('is-away')
  $('gate-note').textContent = now() > held.grace ? words.reasons.old_list : away ? words.away.replace('{n}', waiting) : words.ready
}
function next() {
  busy = false
  $('told').hidden = true
  $('text').value = ''
  idle()
}
async function bind(form, pressed) {
  const answer = await fetch('/gate/binding', { method: 'POST', body: new FormData(form, pressed), headers: { Accept: 'application/json' } }), said = await answer.json()
  if (!answer.ok) { $('bind-says').textContent = said.title; return }
  gate = { code: said.gate, token: said.token, root: Uint8Array.from(said.root.match(/../g), pair => parseInt(pair, 16)) }
  await store.put('gate', gate)
  await store.put('visits', [])
  await sync()
}
async function unbound() {
  gate = held = null
  await store.drop('gate')
  await store.drop('bundle')
  $('bind-says').textContent = words.unbound
  await idle()
}

$('bind').addEventListener('submit', event => { event.preventDefault(); bind(event.target, event.submitter).catch(() => { $('bind-says').textContent = words.noNet }) })
$('type').addEventListener('submit', event => { event.preventDefault(); take($('text').value) })
$('next').addEventListener('click', next)
$('by-hand').addEventListener('submit', async event => {
  event.preventDefault()
  const form = new FormData(event.target), note = String(form.get('note')).trim()
  if (note.length < 2) return
  await keep({ code: '', slot: 0, klass: String(form.get('klass')), decision: 'green', reason: 'by_hand', way: 'hand', then: new Date().toISOString(), waited: 0, note })
  event.target.reset()
  event.target.closest('details').open = false
  await present({ colour: 'green', reason: 'come_in', klass: String(form.get('klass')), ways: [] })
})
$('hand').addEventListener('click', () => { next(); $('hand-box').open = true; $('hand-box').querySelector('[name=note]').focus() })
$('camera-on').addEventListener('click', async () => {
  if (camera) { camera.stop(); camera = null; $('camera').hidden = true; return }
  $('camera').hidden = false
  try {
    const { look } = await import('./camera.js')
    camera = await look($('camera'), async text => { if (!busy) await take(text) })
  } catch { $('camera').hidden = true; $('gate-note').textContent = words.noCamera }
})
addEventListener('online', sync)
addEventListener('offline', () => { $('gate-page').classList.add('is-away'); idle() })
if (gate) {
  const raw = await store.get('bundle')
  if (raw) held = await opened(raw, gate.root).catch(() => null)
}
await idle()
const code = new URLSearchParams(location.search).get('code')
if (!gate && code) { $('bind').elements.code.value = code; await bind($('bind')).catch(() => {}) } else await sync()
setInterval(sync, SYNC)
setInterval(idle, 15_000)
document.documentElement.dataset.ready = 'yes'
if ('serviceWorker' in navigator) navigator.serviceWorker.register('/gate-worker.js', { scope: '/gate' }).catch(() => {})
