// The colours of the house, read from its custom properties, so that the map follows day, night and contrast.
const style = () => getComputedStyle(document.documentElement)
export const token = name => style().getPropertyValue(`--${name}`).trim()
export const isNight = () => document.documentElement.dataset.theme === 'night'

// Five steps from the land to the lamp: by night light, by day the deeper the more.
export const lights = () => isNight()
  ? ['#14282D', '#2A3B35', '#5F5633', '#B08A3E', '#FFC75E']
  : ['#E4EBE8', '#FBE7BC', '#F6C765', '#DE9A1E', '#A86500']
const loads = () => ['#DCEAF2', '#E4EBE8', '#FBE7BC', '#F6B740', '#B97400']

export const shades = mode => {
  if (mode === 'heat' || mode === 'load') {
    const five = mode === 'heat' ? lights() : loads()
    return { ...Object.fromEntries(five.map((colour, at) => [String(at), colour])), few: token('stone-wash') }
  }
  if (mode === 'open') return { some: token('map-land'), 0: token('map-land') }
  return isNight()
    ? { on: token('qing-wash'), desk: token('cobalt-wash'), rest: token('stone-wash'), none: token('rouge-wash') }
    : { on: '#CFE4E2', desk: '#B4C7EC', rest: token('stone-wash'), none: token('rouge-wash') }
}
export const groups = () => ({ new: token('cobalt'), on: token('lamp'), hold: token('stone'), back: token('rouge') })

const picture = (size, draw) => {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = size
  const pen = canvas.getContext('2d')
  draw(pen, size)
  return pen.getImageData(0, 0, size, size)
}
// A gap in duty: the bars of a window that nobody sits behind.
export const lattice = () => picture(32, (pen, size) => {
  pen.strokeStyle = token('rouge')
  pen.lineWidth = 2.5
  for (const at of [0, size / 2, size]) {
    pen.beginPath(); pen.moveTo(at, 0); pen.lineTo(at, size); pen.moveTo(0, at); pen.lineTo(size, at); pen.stroke()
  }
  pen.lineWidth = 1.5
  pen.beginPath(); pen.moveTo(0, 0); pen.lineTo(size, size); pen.moveTo(size, 0); pen.lineTo(0, size); pen.stroke()
})
export const triangle = () => picture(40, (pen, size) => {
  pen.beginPath(); pen.moveTo(size / 2, 5); pen.lineTo(size - 4, size - 6); pen.lineTo(4, size - 6); pen.closePath()
  pen.lineJoin = 'round'; pen.lineWidth = 5; pen.strokeStyle = token('sheet'); pen.stroke()
  pen.fillStyle = token('rouge'); pen.fill()
})
