// The map beside its table. The server answers both at once; what is chosen in one is shown in the other.
import { choose, draw, open, pin, see } from './drawing.js'

const $ = (what, within = document) => within.querySelector(what)
const root = document.documentElement, box = $('#map'), answer = $('#answer'), peek = $('#peek')
root.classList.add('has-js')
let atlas = null, address = new URL(location.href), tag = answer.dataset.tag, fresh = 0, waiting = JSON.parse(answer.dataset.drawn)

const tell = sentence => {
  const said = $('.atlas-no', box) || box.appendChild(Object.assign(document.createElement('p'), { className: 'atlas-no' }))
  said.textContent = sentence
  said.hidden = !sentence
}

// Ask for the answer to an address. Of two that are under way, the one asked last counts.
const ask = async (url, { quiet = false } = {}) => {
  const mine = ++fresh
  const layer = new URL(url, location.href)
  layer.pathname = '/atlas/layer'
  const got = await fetch(layer, { headers: { Accept: 'application/json', ...(quiet && tag ? { 'If-None-Match': tag } : {}) } }).catch(() => null)
  root.classList.toggle('is-offline', !got)
  if (!got || mine !== fresh || got.status === 304) return
  if (!got.ok) return location.reload()
  tag = got.headers.get('ETag') || ''
  const said = await got.json()
  const focus = document.activeElement?.id, keeps = answer.contains(document.activeElement) && !focus ? document.activeElement.getAttribute('href') : ''
  const top = $('.scroll-x', answer)?.scrollTop || 0
  answer.innerHTML = said.html
  if (quiet) $('.scroll-x', answer).scrollTop = top
  if (focus) document.getElementById(focus)?.focus()
  else if (keeps) [...answer.querySelectorAll('[data-ask]')].find(link => link.getAttribute('href') === keeps)?.focus()
  address = new URL(url, location.href)
  if (!quiet) history.replaceState(null, '', address)
  paint(said)
  follow($('[data-chosen]', peek)?.dataset)
}
const paint = said => {
  if (!atlas) { waiting = said; return }
  draw(atlas, said)
  rests(said)
}
const rests = said => {
  root.dataset.map = 'drawing'
  atlas.map.once('idle', () => { performance.mark('map-ready'); root.dataset.map = 'ready'; root.dataset.mapShows = `${said.mode} ${said.level}` })
}

// One area: its people and what waits there, beside the map, and its outline on it.
const follow = ({ chosen: code = '', level = '' } = {}) => {
  if (atlas) choose(atlas, code, level)
  for (const row of answer.querySelectorAll('tr[data-code]')) row.toggleAttribute('data-on', row.dataset.code === code)
}
const showArea = async (code, { fly = false, at = '' } = {}) => {
  if (atlas) pin(atlas, at ? at.split(',').map(Number) : null)
  const got = await fetch(`/atlas/areas/${encodeURIComponent(code)}`).catch(() => null)
  if (!got?.ok) return
  peek.innerHTML = await got.text()
  settle(fly)
}
const settle = fly => {
  const chosen = $('[data-chosen]', peek)
  if (!chosen) return
  follow(chosen.dataset)
  if (fly && atlas) see(atlas, chosen.dataset.box.split(',').map(Number))
}
// J and K walk the rows in staff.js, which fills the box beside; the map follows.
new MutationObserver(() => settle(false)).observe(peek, { childList: true })

document.addEventListener('click', event => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return
  const link = event.target.closest('a')
  if (!link) return
  if (link.matches('[data-ask]')) { event.preventDefault(); ask(link.href) }
  else if (link.matches('[data-area]')) { event.preventDefault(); showArea(link.dataset.area, { fly: true, at: link.dataset.pin }) }
  else if (link.closest('tr[data-code]')) { event.preventDefault(); showArea(link.closest('tr').dataset.code, { fly: true }) }
})
const sent = form => `/atlas?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value && value !== '0'))}`
let soon = 0
document.addEventListener('input', event => {
  const form = event.target.closest('[data-ask-form]')
  if (!form) return
  clearTimeout(soon)
  soon = setTimeout(() => ask(sent(form)), event.target.type === 'range' ? 180 : 0)
})
document.addEventListener('submit', async event => {
  if (event.target.matches('[data-ask-form]')) { event.preventDefault(); ask(sent(event.target)) }
  if (!event.target.matches('.atlas-q')) return
  event.preventDefault()
  const got = await fetch(`/atlas/found?${new URLSearchParams(new FormData(event.target))}`).catch(() => null)
  if (!got?.ok) return
  $('#found').innerHTML = await got.text()
  const first = $('#found [data-area]')
  if (first) showArea(first.dataset.area, { fly: true, at: first.dataset.pin })
})

// What stands on the map is clicked like what stands in the table.
const listen = ({ map }) => {
  map.on('click', async event => {
    const [mark] = map.queryRenderedFeatures(event.point, { layers: ['mark-many', 'mark-one'] })
    if (mark?.properties.cluster) {
      const zoom = await map.getSource('marks').getClusterExpansionZoom(mark.properties.cluster_id)
      return map.easeTo({ center: mark.geometry.coordinates, zoom: Math.min(zoom + 0.5, 18), animate: !atlas.still })
    }
    if (mark?.properties.number) return location.assign(`/desk/matters/${mark.properties.number}`)
    const [area] = map.queryRenderedFeatures(event.point, { layers: atlas.levels.map(level => `shade-${level}`) })
    const code = mark?.properties.code || area?.properties.code
    if (code) showArea(code)
  })
  map.on('mousemove', event => {
    const over = map.queryRenderedFeatures(event.point, { layers: ['mark-many', 'mark-one', ...atlas.levels.map(level => `shade-${level}`)] })
    map.getCanvas().style.cursor = over.length ? 'pointer' : ''
  })
}
// Paper keeps what the screen shows: a canvas is copied before it is printed.
const onPaper = () => {
  atlas?.map.redraw()
  const copy = $('.atlas-paper', box) || box.appendChild(Object.assign(new Image(), { className: 'atlas-paper', alt: '' }))
  if (atlas) copy.src = atlas.map.getCanvas().toDataURL()
}
addEventListener('beforeprint', onPaper)
$('#print')?.addEventListener('click', () => { onPaper(); setTimeout(() => print(), 60) })

const begin = async () => {
  if (!box.dataset.tiles || !box.dataset.box) { root.dataset.map = 'none'; return }
  const late = setTimeout(() => tell(box.dataset.waits), 2000)
  try {
    const first = waiting
    atlas = await open(box, { answer: first })
    atlas.map.addControl(new atlas.gl.NavigationControl({ showCompass: false }), 'top-right')
    atlas.map.addControl(new atlas.gl.ScaleControl({ maxWidth: 90 }), 'bottom-right')
    listen(atlas)
    tell('')
    waiting === first ? rests(first) : paint(waiting)
    settle(Boolean(new URL(location.href).searchParams.get('area')))
  } catch (fault) {
    root.dataset.map = 'none'
    root.dataset.mapFault = String(fault)
    tell(fault instanceof TypeError && !globalThis.pmtiles ? box.dataset.missing : box.dataset.refused)
  } finally { clearTimeout(late) }
}
begin()
setInterval(() => { if (!document.hidden) ask(address, { quiet: true }) }, 15000)
