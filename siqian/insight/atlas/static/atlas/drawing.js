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

// still: no movement for whoever asked for none. levels: which of block, grid, cell may be shown.
export const open = async (box, { levels = LEVELS, still = matchMedia('(prefers-reduced-motion:reduce)').matches, ...more } = {}) => {
  const gl = await library()
  const [west, south, east, north] = box.dataset.box.split(',').map(Number)
  const map = new gl.Map({
    container: box, style: style(archives(box.dataset.tiles), levels), bounds: [[west, south], [east, north]], fitBoundsOptions: { padding: 24 },
    minZoom: 8.5, maxZoom: 18, attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: 0,
    locale: { 'NavigationControl.ZoomIn': box.dataset.closer, 'NavigationControl.ZoomOut': box.dataset.farther, 'Map.Title': box.dataset.called },
    maxBounds: [[west - 0.4, south - 0.4], [east + 0.4, north + 0.4]], localIdeographFontFamily: getComputedStyle(document.body).fontFamily, ...more,
  })
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  await new Promise((done, broken) => { map.once('style.load', done); map.once('error', event => broken(event.error)) })
  map.addImage('lattice', lattice(), { pixelRatio: 2 })
  map.addImage('late', triangle(), { pixelRatio: 2 })
  if (box.dataset.language === 'en') for (const layer of map.getStyle().layers) if (layer.id.startsWith('name-')) map.setLayoutProperty(layer.id, 'text-field', ['get', 'name_en'])
  return { map, gl, still, levels, answer: null }
}

// Shades of one level, the lattice where nobody is, marks of what waits.
export const draw = (atlas, answer) => {
  const { map } = atlas
  const colours = shades(answer.mode)
  const known = Object.entries(answer.steps).filter(([step, codes]) => codes.length && colours[step])
  const fill = known.length ? ['match', ['get', 'code'], ...known.flatMap(([step, codes]) => [codes, colours[step]]), token('map-land')] : token('map-land')
  for (const level of atlas.levels) {
    const shown = level === answer.level
    for (const part of ['shade', 'bare', 'gap']) map.setLayoutProperty(`${part}-${level}`, 'visibility', shown ? 'visible' : 'none')
    if (!shown) continue
    map.setPaintProperty(`shade-${level}`, 'fill-color', fill)
    map.setFilter(`bare-${level}`, ['in', ['get', 'code'], ['literal', answer.steps.none || []]])
  }
  map.getSource('marks').setData(marked(answer.marks))
  if (map.getLayer('building')) map.setLayoutProperty('building', 'visibility', answer.level === 'cell' ? 'visible' : 'none')
  atlas.answer = answer
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
