// A line drawn over an area. The field with the points is what counts: the map reads it and writes it, and the server cuts.
import { token } from '../atlas/tokens.js'

const $ = what => document.querySelector(what)
const box = $('#cut'), field = $('#line'), root = document.documentElement
const NEAR = 12 // pixels within which a point falls on a corner or an edge

const tell = sentence => { box.querySelector('.bd-no').textContent = sentence }
const points = () => (field?.value || '').split('\n').map(row => row.split(/[,，\s]+/).filter(Boolean).map(Number)).filter(at => at.length === 2 && at.every(Number.isFinite))
const write = line => {
  field.value = line.map(([lon, lat]) => `${lon.toFixed(7)}, ${lat.toFixed(7)}`).join('\n')
  field.dispatchEvent(new Event('change'))
}

const land = other => ['case', ['get', 'own'], '#CFE4E2', ['==', ['get', 'code'], other], '#FBE7BC', token('map-land')]
const none = () => ({ type: 'FeatureCollection', features: [] })
const style = ({ areas, houses }, other) => ({
  version: 8,
  sources: { areas: { type: 'geojson', data: areas }, houses: { type: 'geojson', data: houses }, line: { type: 'geojson', data: none() } },
  layers: [
    { id: 'ground', type: 'background', paint: { 'background-color': token('paper') } },
    { id: 'land', type: 'fill', source: 'areas', paint: { 'fill-color': land(other) } },
    { id: 'edge', type: 'line', source: 'areas', paint: { 'line-color': token('edge'), 'line-width': ['case', ['get', 'own'], 3, 1.2] } },
    { id: 'house', type: 'circle', source: 'houses', paint: { 'circle-radius': 4, 'circle-color': token('ink-3') } },
    { id: 'house-name', type: 'symbol', source: 'houses', minzoom: 16, layout: { 'text-field': ['get', 'name'], 'text-font': ['sans-serif'], 'text-size': 12, 'text-offset': [0, 1], 'text-anchor': 'top' }, paint: { 'text-color': token('ink'), 'text-halo-color': token('sheet'), 'text-halo-width': 1.4 } },
    { id: 'name', type: 'symbol', source: 'areas', layout: { 'text-field': ['get', 'name'], 'text-font': ['sans-serif'], 'text-size': 13, 'text-max-width': 8 }, paint: { 'text-color': token('ink-2'), 'text-halo-color': token('sheet'), 'text-halo-width': 1.6 } },
    { id: 'cut', type: 'line', source: 'line', layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': token('rouge'), 'line-width': 3 } },
  ],
})

// A corner that lies near, else the nearest place on an edge that does, else where the finger was.
const snapper = (map, areas) => {
  const rings = areas.features.flatMap(feature => feature.geometry.coordinates)
  return lngLat => {
    const spot = map.project(lngLat)
    let corner = [NEAR, null], edge = [NEAR, null]
    for (const ring of rings) {
      const flat = ring.map(at => map.project(at))
      flat.forEach((at, n) => {
        const away = Math.hypot(at.x - spot.x, at.y - spot.y)
        if (away < corner[0]) corner = [away, ring[n]]
        const from = flat[n - 1]
        if (!from) return
        const [dx, dy] = [at.x - from.x, at.y - from.y], long = dx * dx + dy * dy
        if (!long) return
        const share = Math.max(0, Math.min(1, ((spot.x - from.x) * dx + (spot.y - from.y) * dy) / long))
        const far = Math.hypot(from.x + share * dx - spot.x, from.y + share * dy - spot.y)
        if (far < edge[0]) edge = [far, [ring[n - 1][0] + share * (ring[n][0] - ring[n - 1][0]), ring[n - 1][1] + share * (ring[n][1] - ring[n - 1][1])]]
      })
    }
    return corner[1] || edge[1] || [lngLat.lng, lngLat.lat]
  }
}

// Where in a line a new point goes: between the two between which it lies, else at the nearer end.
const place = (map, line, at) => {
  if (box.dataset.kind === 'split' || line.length < 2) return line.length
  const spot = map.project(at), flat = line.map(one => map.project(one))
  const away = flat.slice(1).map((to, n) => {
    const from = flat[n], [dx, dy] = [to.x - from.x, to.y - from.y], long = dx * dx + dy * dy || 1
    const share = Math.max(0, Math.min(1, ((spot.x - from.x) * dx + (spot.y - from.y) * dy) / long))
    return Math.hypot(from.x + share * dx - spot.x, from.y + share * dy - spot.y)
  })
  return away.indexOf(Math.min(...away)) + 1
}

const handles = (map, gl, snap) => {
  let shown = []
  const draw = () => {
    const line = points()
    map.getSource('line').setData(line.length > 1 ? { type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: line } } : none())
    shown.forEach(one => one.remove())
    shown = line.map((at, number) => {
      const element = Object.assign(document.createElement('span'), { className: 'bd-pt' })
      const marker = new gl.Marker({ element, draggable: true }).setLngLat(at).addTo(map)
      element.setAttribute('aria-hidden', 'true')
      element.removeAttribute('role')
      element.removeAttribute('tabindex')
      element.addEventListener('click', event => event.stopPropagation())
      element.addEventListener('dblclick', event => { event.stopPropagation(); write(points().filter((_, n) => n !== number)) })
      marker.on('dragend', () => write(points().map((one, n) => (n === number ? snap(marker.getLngLat()) : one))))
      return marker
    })
    root.dataset.cut = String(line.length)
  }
  field.addEventListener('input', draw)
  field.addEventListener('change', draw)
  map.on('click', event => {
    const at = snap(event.lngLat), line = points()
    line.splice(place(map, line, at), 0, at)
    write(line)
  })
  draw()
}

const begin = async () => {
  try {
    const [gl, shapes] = await Promise.all([import('../vendor/maplibre-gl.js'), fetch(box.dataset.shapes, { headers: { Accept: 'application/json' } }).then(got => got.json())])
    gl.setWorkerUrl(new URL('../vendor/maplibre-gl-worker.js', import.meta.url).href)
    const [west, south, east, north] = box.dataset.box.split(',').map(Number)
    const map = new gl.Map({
      container: box, style: style(shapes, box.dataset.other), bounds: [[west, south], [east, north]], fitBoundsOptions: { padding: 60 }, maxZoom: 20,
      attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: 0, doubleClickZoom: false,
      locale: { 'NavigationControl.ZoomIn': box.dataset.closer, 'NavigationControl.ZoomOut': box.dataset.farther, 'Map.Title': box.dataset.called },
      localIdeographFontFamily: getComputedStyle(document.body).fontFamily,
    })
    map.addControl(new gl.NavigationControl({ showCompass: false }), 'top-right')
    map.addControl(new gl.ScaleControl({ maxWidth: 90 }), 'bottom-right')
    await new Promise((done, broken) => { map.once('load', done); map.once('error', event => broken(event.error)) })
    $('[data-paints]')?.addEventListener('change', event => map.setPaintProperty('land', 'fill-color', land(event.target.value)))
    if (field) handles(map, gl, snapper(map, shapes.areas))
    root.dataset.map = 'ready'
  } catch (fault) {
    root.dataset.map = 'none'
    tell(fault instanceof TypeError ? box.dataset.missing : box.dataset.refused)
  }
}
root.classList.add('has-js')
$('#less')?.addEventListener('click', () => write(points().slice(0, -1)))
$('#none')?.addEventListener('click', () => write([]))
$('#fault, .wrongs, #outcome')?.scrollIntoView({ block: 'nearest' })
begin()
