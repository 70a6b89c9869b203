// The wall's map: communities, the brighter the more people wait. What it draws stands in the page's own table, which asks again by itself.
import { open } from './drawing.js'
import { lights, token } from './tokens.js'

const root = document.documentElement, box = document.getElementById('map')
const panes = () => [...document.querySelectorAll('#panes [data-code]')].map(row => ({ ...row.dataset, at: row.dataset.at.split(',').map(Number), per: row.cells[1].textContent }))

// What the panes say: their shades, names that can be read on them, who waits and what is late.
const said = () => {
  const steps = lights(), every = panes()
  const by = every.filter(pane => pane.step !== 'few').flatMap(pane => [pane.code, steps[Number(pane.step)]])
  const bright = every.filter(pane => Number(pane.step) >= 3).map(pane => pane.code)
  return {
    shade: by.length ? ['match', ['get', 'code'], ...by, token('map-land')] : token('map-land'),
    ink: ['case', ['in', ['get', 'code'], ['literal', bright]], token('on-lamp'), token('ink-2')],
    points: { type: 'FeatureCollection', features: every.map(pane => ({
      type: 'Feature', geometry: { type: 'Point', coordinates: pane.at }, properties: { code: pane.code, late: Number(pane.late), per: Number(pane.step) >= 3 ? pane.per : '' },
    })) },
  }
}
const paint = map => {
  const { shade, ink, points } = said()
  map.setPaintProperty('pane', 'fill-color', shade)
  map.setPaintProperty('name-community', 'text-color', ink)
  map.getSource('panes').setData(points)
}
// On the wall everybody knows that these are communities.
const short = english => {
  const name = ['get', english ? 'name_en' : 'name'], end = english ? ' Community' : '社区'
  return ['case', ['==', ['slice', name, -end.length], end], ['slice', name, 0, -end.length], name]
}
const dressed = style => {
  const { shade, ink, points } = said(), layer = id => style.layers.find(one => one.id === id)
  const names = layer('name-community'), border = layer('border-community'), font = names.layout['text-font']
  Object.assign(names.layout, { 'text-size': 17, 'text-padding': 0, 'text-max-width': 20, 'text-variable-anchor': ['bottom', 'top', 'left', 'right'], 'text-field': short(box.dataset.language === 'en') })
  Object.assign(names.paint, { 'text-color': ink, 'text-halo-width': 0 })
  Object.assign(border.paint, { 'line-color': token('map-line'), 'line-width': 5 })
  style.sources.panes = { type: 'geojson', data: points }
  style.layers = [
    layer('ground'), { id: 'pane', type: 'fill', source: 'coarse', 'source-layer': 'community', paint: { 'fill-color': shade } }, border, names,
    { id: 'per', type: 'symbol', source: 'panes', layout: { 'text-field': ['get', 'per'], 'text-font': font, 'text-size': 19, 'text-anchor': 'top', 'text-allow-overlap': true }, paint: { 'text-color': token('on-lamp') } },
    { id: 'late', type: 'symbol', source: 'panes', filter: ['>', ['get', 'late'], 0], layout: { 'icon-image': 'late', 'icon-offset': [0, -34], 'icon-allow-overlap': true } },
  ]
  delete style.sources.fine
  delete style.sources.marks
}
const begin = async () => {
  if (!box.dataset.tiles || !box.dataset.box) { root.dataset.map = 'none'; return tell() }
  try {
    const { map } = await open(box, { levels: [], still: true, interactive: false, change: dressed })
    const rests = () => { root.dataset.map = 'drawing'; map.once('idle', () => { performance.mark('map-ready'); root.dataset.map = 'ready' }) }
    rests()
    document.addEventListener('fresh', () => { paint(map); rests() })
  } catch (fault) {
    root.dataset.map = 'none'
    root.dataset.mapFault = String(fault)
    tell()
  }
}
// Without a drawn map the table that lies behind it comes forward.
const tell = () => {
  box.append(Object.assign(document.createElement('p'), { className: 'w-no', textContent: box.dataset.missing }))
  const show = () => document.getElementById('panes')?.classList.remove('vh')
  show()
  document.addEventListener('fresh', show)
}
begin()
