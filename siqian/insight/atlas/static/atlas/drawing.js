// Opens the map in a box and draws answers on it. Throws when the library is missing or the browser cannot draw.
import { LEVELS, none, style } from './layers.js'
import { lattice, shades, token, triangle } from './tokens.js'

const library = async () => {
  const found = await import('../vendor/maplibre-gl.js')
  found.setWorkerUrl(new URL('../vendor/maplibre-gl-worker.js', import.meta.url).href)
  found.addProtocol('pmtiles', new globalThis.pmtiles.Protocol().tile)
  return found
}
const archives = number => Object.fromEntries(['coarse', 'fine'].map(name => [name, `${location.origin}/atlas/tiles/${number}/${name}.pmtiles`]))

// answer: what it shows first, so that nothing is drawn twice; change: may alter the style before that. still: no movement for whoever asked for none. levels: which of block, grid, cell may be shown.
export const open = async (box, { answer = null, change = null, levels = LEVELS, still = matchMedia('(prefers-reduced-motion:reduce)').matches, ...more } = {}) => {
  const gl = await library()
  const [west, south, east, north] = box.dataset.box.split(',').map(Number)
  const first = style(archives(box.dataset.tiles), levels, box.dataset.language === 'en' ? 'name_en' : 'name')
  if (answer) dress(first, looks(answer, levels), marked(answer.marks))
  change?.(first)
  const map = new gl.Map({
    container: box, style: first, bounds: [[west, south], [east, north]], fitBoundsOptions: { padding: 24 },
    minZoom: 8.5, maxZoom: 18, attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: 0,
    locale: { 'NavigationControl.ZoomIn': box.dataset.closer, 'NavigationControl.ZoomOut': box.dataset.farther, 'Map.Title': box.dataset.called },
    maxBounds: [[west - 0.4, south - 0.4], [east + 0.4, north + 0.4]], localIdeographFontFamily: getComputedStyle(document.body).fontFamily, ...more,
  })
  const pictures = { lattice, late: triangle }
  map.setMissingStyleImageResolver(id => { if (pictures[id]) map.addImage(id, pictures[id](), { pixelRatio: 2 }) })
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  await new Promise((done, broken) => { map.once('style.load', done); map.once('error', event => broken(event.error)) })
  return { map, gl, still, levels }
}

// What an answer changes of the layers: [layer, "paint" | "layout" | "filter", property, value].
const looks = (answer, levels) => {
  const colours = shades(answer.mode)
  const known = Object.entries(answer.steps).filter(([step, codes]) => codes.length && colours[step])
  const fill = known.length ? ['match', ['get', 'code'], ...known.flatMap(([step, codes]) => [codes, colours[step]]), token('map-land')] : token('map-land')
  const seen = level => (level === answer.level ? 'visible' : 'none')
  return [
    ...levels.flatMap(level => ['shade', 'bare', 'gap'].map(part => [`${part}-${level}`, 'layout', 'visibility', seen(level)])),
    [`shade-${answer.level}`, 'paint', 'fill-color', fill],
    [`bare-${answer.level}`, 'filter', '', ['in', ['get', 'code'], ['literal', answer.steps.none || []]]],
    ['building', 'layout', 'visibility', seen('cell')],
  ]
}
const dress = (first, changes, data) => {
  const layers = Object.fromEntries(first.layers.map(layer => [layer.id, layer]))
  for (const [id, kind, property, value] of changes) {
    if (kind === 'filter') layers[id].filter = value
    else layers[id][kind] = { ...layers[id][kind], [property]: value }
  }
  first.sources.marks.data = data
}

// Shades of one level, the lattice where nobody is, marks of what waits.
export const draw = ({ map, levels }, answer) => {
  for (const [id, kind, property, value] of looks(answer, levels)) {
    if (kind === 'filter') map.setFilter(id, value)
    else if (kind === 'paint') map.setPaintProperty(id, property, value)
    else map.setLayoutProperty(id, property, value)
  }
  map.getSource('marks').setData(marked(answer.marks))
}
const marked = marks => marks?.length
  ? { type: 'FeatureCollection', features: marks.map(([lon, lat, n, group, late, number, code]) => ({ type: 'Feature', properties: { n, group, late, number, code }, geometry: { type: 'Point', coordinates: [lon, lat] } })) }
  : none()

// The outline of one area, whatever level is shown; only its own level's layers are drawn, so that nothing else is fetched.
export const choose = (atlas, code, level) => {
  for (const one of ['community', ...atlas.levels]) {
    for (const part of ['chosen', 'chosen-under']) {
      atlas.map.setFilter(`${part}-${one}`, ['==', ['get', 'code'], code])
      atlas.map.setLayoutProperty(`${part}-${one}`, 'visibility', code && one === level ? 'visible' : 'none')
    }
  }
}
export const pin = (atlas, place) => {
  atlas.pin?.remove()
  atlas.pin = place && new atlas.gl.Marker({ color: token('qing') }).setLngLat(place).addTo(atlas.map)
}
export const see = (atlas, [west, south, east, north]) => atlas.map.fitBounds([[west, south], [east, north]], { padding: 90, maxZoom: 16.5, animate: !atlas.still })
