// A courier's pass: the key is made here and never leaves, the pass is kept for its term, the code is new every thirty seconds.
import { correction, generate } from '../vendor/lean-qr.js'
import { hex, join, newKey, pointOf, signRaw } from './codes.js'
import { hm, minuteOf } from './deciding.js'
import { keeper } from './keeping.js'
import { draw } from './marks.js'
import { SLOT, bytesOf, claimsOf, show } from './passing.js'
import { signedOf } from './codes.js'

const root = document.getElementById('pass'), words = JSON.parse(document.getElementById('pass-words').textContent)
const $ = id => document.getElementById(id), store = await keeper(`siqian-pass-${root.dataset.account}`)
const FRESH = 6 * 3600, KEEP_REFUSED = 20
let kept = await store.get('pass') || null, drift = await store.get('drift') || 0, drawn = ''
const now = () => Math.floor(Date.now() / 1000) + drift
const say = text => { $('pass-says').textContent = text; $('pass-says').hidden = !text }

// ── the key and the pass ──
const proof = async (key, point) => hex(await signRaw(key, join([new TextEncoder().encode('XGP'), point])))
async function renew() {
  // A new key with each pass: two gates that put their heads together see two strangers. It is kept before it is sent, so that a
  // lost answer costs nothing.
  const next = await store.get('next') || await newKey()
  await store.put('next', next)
  const point = await pointOf(next.publicKey), form = new FormData()
  form.set('csrfmiddlewaretoken', root.dataset.token)
  form.set('point', hex(point))
  form.set('proof', await proof(next.privateKey, point))
  if (kept) form.set('old', await proof(kept.key, point))
  const answer = await fetch('/pass/phone', { method: 'POST', body: form, headers: { Accept: 'application/json' } })
  const said = await answer.json()
  if (!answer.ok) {
    // What the house says no to is no longer shown as if it held.
    if (answer.status === 409 || answer.status === 404) { kept = null; await store.drop('pass') }
    return said.title
  }
  drift = Math.round(said.now - Date.now() / 1000)
  if (Math.abs(drift) < 3) drift = 0
  kept = { key: next.privateKey, pass: said.pass, ...claimsOf(signedOf(bytesOf(said.pass)).payload) }
  await store.put('drift', drift)
  await store.put('pass', kept)
  await store.drop('next')
  return ''
}
async function ensure() {
  if (kept && kept.expires - now() > FRESH) return
  try { say(await renew()) } catch (error) { if (!kept || kept.expires < now()) say(words.offline) }
}

// ── the code ──
async function paint() {
  if (!kept || kept.expires <= now()) { $('ticket').hidden = true; return }
  const slot = Math.floor(now() / SLOT), place = root.dataset.gate || '', left = SLOT - now() % SLOT
  $('ticket').hidden = false
  $('left').textContent = words.left.replace('{n}', left)
  $('ring').setAttribute('stroke-dasharray', `${Math.round(100 * left / SLOT)} 100`)
  if (drawn === `${slot}${place}${kept.id}`) return
  drawn = `${slot}${place}${kept.id}`
  const text = await show(bytesOf(kept.pass), slot, place, kept.key)
  picture($('code'), text)
  $('code').dataset.text = text
  const today = new Date((now() + 28_800) * 1000).getUTCDate() === new Date((kept.expires + 28_800) * 1000).getUTCDate()
  $('until').textContent = (today ? words.today : words.tomorrow) + hm(minuteOf(kept.expires))
  $('goes').textContent = kept.goes.map(way => words.ways[way]).join(words.comma)
  $('klass').textContent = words.classes[kept.klass]
}
function picture(box, text) {
  const code = generate(text, { minCorrectionLevel: correction.L, maxCorrectionLevel: correction.L }), rows = []
  for (let y = 0; y < code.size; y += 1) for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) {
    let long = 1
    while (code.get(x + long, y)) long += 1
    rows.push(`M${x} ${y}h${long}v1h-${long}z`)
    x += long
  }
  const size = code.size + 8
  box.setAttribute('viewBox', `-4 -4 ${size} ${size}`)
  box.querySelector('.ground').setAttribute('d', `M-4-4h${size}v${size}h-${size}z`)
  box.querySelector('.ink').setAttribute('d', rows.join(''))
}

// ── at a gate whose sign was scanned ──
async function enter() {
  const box = $('answer')
  if (!root.dataset.gate || !kept || !box) return
  box.hidden = false
  const form = new FormData()
  form.set('csrfmiddlewaretoken', root.dataset.token)
  form.set('text', await show(bytesOf(kept.pass), Math.floor(now() / SLOT), root.dataset.gate, kept.key))
  try {
    const answer = await fetch(`/gates/${root.dataset.gate}/entry`, { method: 'POST', body: form, headers: { Accept: 'application/json' } })
    const said = await answer.json()
    answer.ok ? result(said) : say(said.title)
  } catch { say(words.noNet) }
}
async function result(said) {
  const box = $('answer')
  box.className = `gate-a is-${said.colour}`
  $('a-word').textContent = said.word
  $('a-say').textContent = said.say
  $('a-more').replaceChildren(...said.more.flatMap(([name, value]) => [el('dt', name), el('dd', value)]))
  $('a-mark').hidden = !said.mark
  if (said.mark) draw($('a-mark'), said.mark, words.shapes)
  navigator.vibrate?.(said.colour === 'green' ? 80 : [80, 60, 80])
  box.querySelector('h2').focus()
  if (said.colour === 'red') {
    // Where one was turned away stays on this phone; nobody else keeps it by name.
    const list = await store.get('refused') || []
    list.unshift({ at: now(), gate: said.gate, compound: said.compound, code: said.compound_code, why: said.say })
    await store.put('refused', list.slice(0, KEEP_REFUSED))
    await refusals()
  }
}
const el = (tag, text) => Object.assign(document.createElement(tag), { textContent: text })
async function refusals() {
  const list = await store.get('refused') || []
  $('refused').hidden = !list.length
  $('refused-list').replaceChildren(...list.map(one => {
    const row = el('li', ''), link = el('a', words.complain)
    link.href = `/pass/complaint?compound=${encodeURIComponent(one.code)}&why=${encodeURIComponent(one.why)}`
    row.append(el('b', `${one.compound} ${one.gate}`), el('span', ` ${new Date(one.at * 1000).toLocaleString('zh-CN', { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' })} ${one.why} `), link)
    return row
  }))
}

// ── the sign at a gate, scanned by this page's own camera ──
$('scan')?.addEventListener('click', async () => {
  const { look } = await import('./camera.js'), box = $('camera')
  box.hidden = false
  try {
    const camera = await look(box.querySelector('video'), text => {
      const found = /\/gates\/([0-9A-Z]{8})\b/.exec(text)
      if (!found) return
      camera.stop()
      location.href = `/gates/${found[1]}`
    })
    $('camera-end').onclick = () => { camera.stop(); box.hidden = true }
  } catch { box.hidden = true; say(words.noCamera) }
})

await ensure()
await paint()
await refusals()
await enter()
setInterval(paint, 1000)
addEventListener('online', ensure)
document.addEventListener('visibilitychange', () => document.hidden || ensure().then(paint))
navigator.wakeLock?.request('screen').catch(() => {})
if ('serviceWorker' in navigator) navigator.serviceWorker.register('/pass-worker.js', { scope: '/pass' }).catch(() => {})
