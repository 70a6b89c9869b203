// The wall's map: communities, the brighter the more people wait. What it draws stands in the page's own table, which asks again by itself.
import { open } from './drawing.js'
import { lights, token } from './tokens.js'

const root = document.documentElement, box = document.getElementById('map')
const panes = () => [...document.querySelectorAll('#panes [data-code]')].map(row => ({ ...row.dataset, at: row.dataset.at.split(',').map(Number), per: row.cells[1].textContent }))

const paint = ({ map }) => {
  const steps = lights(), every = panes()
  const by = every.filter(pane => pane.step !== 'few').flatMap(pane => [pane.code, steps[Number(pane.step)]])
  map.setPaintProperty('pane', 'fill-color', by.length ? ['match', ['get', 'code'], ...by, token('map-land')] : token('map-land'))
  const bright = every.filter(pane => Number(pane.step) >= 3).map(pane => pane.code)
  map.setPaintProperty('name-community', 'text-color', ['case', ['in', ['get', 'code'], ['literal', bright]], token('on-lamp'), token('ink-2')])
  map.getSource('panes').setData({ type: 'FeatureCollection', features: every.map(pane => ({
    type: 'Feature', geometry: { type: 'Point', coordinates: pane.at }, properties: { code: pane.code, late: Number(pane.late), per: Number(pane.step) >= 3 ? pane.per : '' },
  })) })
}
// On the wall everybody knows that these are communities.
const short = english => {
  const name = ['get', english ? 'name_en' : 'name'], end = english ? ' Community' : '社区'
  return ['case', ['==', ['slice', name, -end.length], end], ['slice', name, 0, -end.length], name]
}
const begin = async () => {
  if (!box.dataset.tiles || !box.dataset.box) { root.dataset.map = 'none'; return tell() }
  try {
    const atlas = await open(box, { levels: [], still: true, interactive: false })
    const { map } = atlas, font = map.getLayoutProperty('name-community', 'text-font')
    map.addSource('panes', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
    map.addLayer({ id: 'pane', type: 'fill', source: 'coarse', 'source-layer': 'community', paint: { 'fill-color': token('map-land') } }, 'border-block')
    map.setLayoutProperty('border-block', 'visibility', 'none')
    map.setPaintProperty('border-community', 'line-color', token('map-line'))
    map.setPaintProperty('border-community', 'line-width', 5)
    const looks = { 'text-size': 17, 'text-padding': 0, 'text-max-width': 20, 'text-variable-anchor': ['bottom', 'top', 'left', 'right'], 'text-field': short(box.dataset.language === 'en') }
    for (const [what, value] of Object.entries(looks)) map.setLayoutProperty('name-community', what, value)
    map.setPaintProperty('name-community', 'text-halo-width', 0)
    map.addLayer({ id: 'per', type: 'symbol', source: 'panes', layout: { 'text-field': ['get', 'per'], 'text-font': font, 'text-size': 19, 'text-anchor': 'top', 'text-allow-overlap': true }, paint: { 'text-color': token('on-lamp') } })
    map.addLayer({ id: 'late', type: 'symbol', source: 'panes', filter: ['>', ['get', 'late'], 0], layout: { 'icon-image': 'late', 'icon-offset': [0, -34], 'icon-allow-overlap': true } })
    const again = () => { root.dataset.map = 'drawing'; paint(atlas); map.once('idle', () => { performance.mark('map-ready'); root.dataset.map = 'ready' }) }
    again()
    document.addEventListener('fresh', again)
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
