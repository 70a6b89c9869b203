// The mark that phone and gate show alike, another one every quarter of an hour (rules/marks.py), drawn.
export const SHAPES = ['circle', 'square', 'triangle', 'star', 'cross', 'moon', 'drop', 'leaf'], QUARTER = 900
const DRAWN = {
  circle: 'M50 8a42 42 0 1 0 .1 0z',
  square: 'M12 12h76v76H12z',
  triangle: 'M50 8l44 80H6z',
  star: 'M50 5l12.500 32.500L97 39 69.500 60.500 79 94 50 74.500 21 94l9.500-33.500L3 39l34.500-1.500z',
  cross: 'M36 8h28v28h28v28H64v28H36V64H8V36h28z',
  moon: 'M66 8a43 43 0 1 0 26 62A36 36 0 0 1 66 8z',
  drop: 'M50 4c20 26 31 39 31 56a31 31 0 0 1-62 0c0-17 11-30 31-56z',
  leaf: 'M90 10C40 10 12 34 12 66c0 8 2 15 5 21l8-4c26 8 65-6 65-73z',
}
export async function markOf(secret, at) {
  const quarter = Math.floor(at / QUARTER), text = new Uint8Array(11)
  text.set([88, 71, 77])
  new DataView(text.buffer).setBigUint64(3, BigInt(quarter))
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const raw = new Uint8Array(await crypto.subtle.sign('HMAC', key, text))
  return { shape: SHAPES[raw[0] % 8], number: String(raw[1] % 100).padStart(2, '0'), until: (quarter + 1) * QUARTER }
}
export function draw(box, mark, words) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  svg.setAttribute('viewBox', '0 0 100 100')
  svg.setAttribute('aria-hidden', 'true')
  path.setAttribute('d', DRAWN[mark.shape])
  path.setAttribute('fill', 'currentColor')
  svg.append(path)
  const number = Object.assign(document.createElement('b'), { textContent: mark.number })
  const name = Object.assign(document.createElement('span'), { textContent: words[mark.shape] })
  box.replaceChildren(svg, number, name)
}
