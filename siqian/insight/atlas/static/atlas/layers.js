// What the map is drawn of, from the ground up: land, shades, lattice, borders, buildings, names, marks.
import { groups, token } from './tokens.js'

export const LEVELS = ['block', 'grid', 'cell']
const FINE = new Set(['cell', 'site', 'building'])
export const sourceOf = level => (FINE.has(level) ? 'fine' : 'coarse')
const FACE = 'PingFang SC, HarmonyOS Sans SC, MiSans, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, sans-serif'

// called: the property in which an area's name stands, by the reader's language.
export const style = (archives, levels, called) => ({
  version: 8,
  sources: {
    ...Object.fromEntries(Object.entries(archives).map(([name, url]) => [name, { type: 'vector', url: `pmtiles://${url}`, promoteId: 'code' }])),
    marks: { type: 'geojson', data: none(), cluster: true, clusterRadius: 44, clusterMaxZoom: 16, clusterProperties: sums() },
  },
  layers: [
    { id: 'ground', type: 'background', paint: { 'background-color': token('paper') } },
    ...levels.flatMap(areas),
    border('block', 'map-line', 3.5), border('community', 'edge', 1.6),
    ...(levels.includes('cell') ? buildings() : []),
    ...(levels.length ? ['community', ...levels] : []).flatMap(chosen),
    ...names(levels, called),
    ...marks(),
  ],
})

export const none = () => ({ type: 'FeatureCollection', features: [] })
const sums = () => ({ n: ['+', ['get', 'n']], late: ['+', ['get', 'late']] })

const areas = level => {
  const of = { source: sourceOf(level), 'source-layer': level }
  return [
    { id: `shade-${level}`, type: 'fill', ...of, layout: { visibility: 'none' }, paint: { 'fill-color': token('map-land'), 'fill-antialias': true } },
    { id: `bare-${level}`, type: 'fill', ...of, filter: ['in', ['get', 'code'], ['literal', []]], layout: { visibility: 'none' }, paint: { 'fill-pattern': 'lattice' } },
    // Two pixels between the panes of a window.
    { id: `gap-${level}`, type: 'line', ...of, layout: { visibility: 'none' }, paint: { 'line-color': token('map-line'), 'line-width': ['interpolate', ['linear'], ['zoom'], 10.5, level === 'block' ? 1.4 : 0.5, 13.5, 2] } },
  ]
}
const chosen = level => {
  const of = { source: sourceOf(level), 'source-layer': level, filter: ['==', ['get', 'code'], ''], layout: { visibility: 'none', 'line-join': 'round' } }
  return [
    { id: `chosen-under-${level}`, type: 'line', ...of, paint: { 'line-color': token('lamp'), 'line-width': 7 } },
    { id: `chosen-${level}`, type: 'line', ...of, paint: { 'line-color': token('ink'), 'line-width': 2.5 } },
  ]
}
const border = (layer, colour, width) => ({
  id: `border-${layer}`, type: 'line', source: 'coarse', 'source-layer': layer, paint: { 'line-color': token(colour), 'line-width': width },
})
const buildings = () => [
  { id: 'building', type: 'fill', source: 'fine', 'source-layer': 'building', minzoom: 14, paint: { 'fill-color': token('edge'), 'fill-opacity': 0.55 } },
]
const words = (id, size, called) => ({
  id: `name-${id}`, type: 'symbol', source: 'coarse', 'source-layer': 'spot', filter: ['==', ['get', 'level'], id],
  layout: { 'text-field': ['get', called], 'text-font': [FACE], 'text-size': size, 'text-padding': 4, 'text-max-width': 8 },
  paint: { 'text-color': token('ink'), 'text-halo-color': token('sheet'), 'text-halo-width': 1.6 },
})
const names = (levels, called) => [
  words('community', 15, called),
  ...(levels.includes('block') ? [{ ...words('block', 13, called), minzoom: 13 }] : []),
  ...(levels.includes('grid') ? [{ ...words('grid', 13, called), minzoom: 14.5 }] : []),
]
const marks = () => {
  const colour = groups()
  const by = ['match', ['get', 'group'], 'new', colour.new, 'on', colour.on, 'hold', colour.hold, 'back', colour.back, token('edge')]
  const one = ['!', ['has', 'point_count']]
  const radius = ['interpolate', ['linear'], ['get', 'n'], 1, 13, 30, 20, 300, 30]
  return [
    { id: 'mark-many', type: 'circle', source: 'marks', filter: ['has', 'point_count'], paint: { 'circle-color': token('lamp'), 'circle-radius': radius, 'circle-stroke-width': 2, 'circle-stroke-color': token('sheet') } },
    { id: 'mark-one', type: 'circle', source: 'marks', filter: one, paint: { 'circle-color': by, 'circle-radius': ['case', ['>', ['get', 'n'], 1], radius, 8], 'circle-stroke-width': 2, 'circle-stroke-color': token('sheet') } },
    { id: 'mark-count', type: 'symbol', source: 'marks', filter: ['>', ['get', 'n'], 1], layout: { 'text-field': ['to-string', ['get', 'n']], 'text-font': [FACE], 'text-size': 14, 'text-allow-overlap': true }, paint: { 'text-color': ['case', ['has', 'point_count'], token('on-lamp'), ['match', ['get', 'group'], 'on', token('on-lamp'), token('sheet')]] } },
    { id: 'mark-late', type: 'symbol', source: 'marks', filter: ['>', ['get', 'late'], 0], layout: { 'icon-image': 'late', 'icon-size': 0.5, 'icon-offset': [18, -22], 'icon-allow-overlap': true } },
  ]
}
