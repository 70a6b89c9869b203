// Codes as phones and gates read and write them: base45, CBOR, COSE_Sign1 by ES256, points of P-256. Throws Fault for everything else.
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:', DEEPEST = 16
export class Fault extends Error {
  constructor(stage, reason) { super(`${stage}: ${reason}`); this.stage = stage; this.reason = reason }
}

export function toBase45(raw) {
  let out = ''
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const word = raw[at] << 8 | raw[at + 1]
    out += LETTERS[word % 45] + LETTERS[Math.floor(word / 45) % 45] + LETTERS[Math.floor(word / 2025)]
  }
  if (raw.length % 2) out += LETTERS[raw.at(-1) % 45] + LETTERS[Math.floor(raw.at(-1) / 45)]
  return out
}

export function fromBase45(text) {
  const digits = [...text].map(letter => LETTERS.indexOf(letter))
  if (digits.includes(-1)) throw new Fault('base45', 'letter')
  if (digits.length % 3 === 1) throw new Fault('base45', 'length')
  const raw = []
  for (let at = 0; at < digits.length; at += 3) {
    const short = digits.length - at === 2, word = digits[at] + 45 * digits[at + 1] + (short ? 0 : 2025 * digits[at + 2])
    if (word > (short ? 255 : 65535)) throw new Fault('base45', 'overflow')
    if (!short) raw.push(word >> 8)
    raw.push(word & 255)
  }
  return Uint8Array.from(raw)
}

// ── CBOR as we write it ourselves: shortest, sorted, nothing twice, nothing behind ──
export class Tag { constructor(number, value) { this.number = number; this.value = value } }
export const join = parts => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) { out.set(part, at); at += part.length }
  return out
}
const head = (major, count) => {
  const top = major << 5
  if (count < 24) return [top | count]
  if (count < 256) return [top | 24, count]
  if (count < 65536) return [top | 25, count >> 8, count & 255]
  if (count < 2 ** 32) return [top | 26, count / 2 ** 24 & 255, count >>> 16 & 255, count >>> 8 & 255, count & 255]
  throw new Fault('cbor', 'large')
}
export function toCbor(value) {
  if (value instanceof Uint8Array) return join([head(2, value.length), value])
  if (typeof value === 'number') return Uint8Array.from(value >= 0 ? head(0, value) : head(1, -1 - value))
  if (typeof value === 'string') { const raw = new TextEncoder().encode(value); return join([head(3, raw.length), raw]) }
  if (Array.isArray(value)) return join([head(4, value.length), ...value.map(toCbor)])
  if (value instanceof Tag) return join([head(6, value.number), toCbor(value.value)])
  if (value instanceof Map) return join([head(5, value.size), ...[...value].flatMap(([key, one]) => [toCbor(key), toCbor(one)])])
  throw new Fault('cbor', 'kind')
}
export function fromCbor(raw) {
  const [value, end] = item(raw, 0, 0)
  if (end !== raw.length) throw new Fault('cbor', 'trailing')
  return value
}
function item(raw, at, depth) {
  if (depth > DEEPEST) throw new Fault('cbor', 'too_deep')
  if (at >= raw.length) throw new Fault('cbor', 'cut_off')
  const major = raw[at] >> 5, more = raw[at] & 31
  at += 1
  if (major === 7) {
    if (more === 20 || more === 21) return [more === 21, at]
    if (more === 22) return [null, at]
    throw new Fault('cbor', 'simple')
  }
  if (more > 26) throw new Fault('cbor', more === 31 ? 'indefinite' : 'large')
  let count = more
  if (more > 23) {
    const bytes = 1 << more - 24
    if (at + bytes > raw.length) throw new Fault('cbor', 'cut_off')
    count = 0
    for (let n = 0; n < bytes; n += 1) count = count * 256 + raw[at + n]
    if (count < (bytes === 1 ? 24 : 256 ** (bytes / 2))) throw new Fault('cbor', 'not_shortest')
    at += bytes
  }
  if (major === 0) return [count, at]
  if (major === 1) return [-1 - count, at]
  if (major < 4) {
    if (at + count > raw.length) throw new Fault('cbor', 'cut_off')
    const found = raw.slice(at, at + count)
    if (major === 2) return [found, at + count]
    try { return [new TextDecoder('utf-8', { fatal: true }).decode(found), at + count] } catch { throw new Fault('cbor', 'utf8') }
  }
  if (major === 6) { const [value, end] = item(raw, at, depth + 1); return [new Tag(count, value), end] }
  if (count > raw.length - at) throw new Fault('cbor', 'cut_off')
  if (major === 4) {
    const items = []
    for (let n = 0; n < count; n += 1) { const [value, end] = item(raw, at, depth + 1); items.push(value); at = end }
    return [items, at]
  }
  const map = new Map()
  let before = null
  for (let n = 0; n < count; n += 1) {
    const [key, middle] = item(raw, at, depth + 1), written = raw.slice(at, middle)
    if (typeof key !== 'number' && typeof key !== 'string') throw new Fault('cbor', 'key')
    if (before && compare(before, written) >= 0) throw new Fault('cbor', compare(before, written) ? 'not_sorted' : 'duplicate_key')
    before = written
    const [value, end] = item(raw, middle, depth + 1)
    map.set(key, value)
    at = end
  }
  return [map, at]
}
function compare(one, other) {
  for (let n = 0; n < Math.min(one.length, other.length); n += 1) if (one[n] !== other[n]) return one[n] - other[n]
  return one.length - other.length
}

// ── points: compressed in codes, whole for the browser ──
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n, B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn
const power = (base, exponent) => {
  let found = 1n
  for (base %= P; exponent > 0n; exponent >>= 1n, base = base * base % P) if (exponent & 1n) found = found * base % P
  return found
}
export const hex = raw => [...raw].map(byte => byte.toString(16).padStart(2, '0')).join('')
export const unhex = text => Uint8Array.from(text.match(/../g) || [], pair => parseInt(pair, 16))
export function whole(point) {
  if (point.length !== 33 || point[0] !== 2 && point[0] !== 3) throw new Fault('claims', 'point')
  const x = BigInt(`0x${hex(point.slice(1))}`)
  if (x >= P) throw new Fault('claims', 'point')
  const square = (x * x * x - 3n * x + B) % P, y = power((square + P) % P, (P + 1n) / 4n)
  if (y * y % P !== (square + P) % P) throw new Fault('claims', 'point')
  const fitting = Number(y & 1n) === point[0] - 2 ? y : P - y
  return join([[4], point.slice(1), unhex(fitting.toString(16).padStart(64, '0'))])
}
export const short = raw => join([[2 + (raw[64] & 1)], raw.slice(1, 33)])
const ES256 = { name: 'ECDSA', namedCurve: 'P-256' }, SHA = { name: 'ECDSA', hash: 'SHA-256' }
export const newKey = () => crypto.subtle.generateKey(ES256, false, ['sign', 'verify'])
export const pointOf = async key => short(new Uint8Array(await crypto.subtle.exportKey('raw', key)))
export const publicKey = point => crypto.subtle.importKey('raw', whole(point), ES256, false, ['verify']).catch(() => { throw new Fault('claims', 'point') })
export const signRaw = async (key, raw) => new Uint8Array(await crypto.subtle.sign(SHA, key, raw))

// ── COSE_Sign1 ──
const ascii = text => new TextEncoder().encode(text)
const PROTECTED = toCbor(new Map([[1, -7]]))
const toBeSigned = (guarded, external, payload) => toCbor(['Signature1', guarded, ascii(external), payload])
export async function sign(payload, key, external) {
  const signature = await signRaw(key, toBeSigned(PROTECTED, external, payload))
  return toCbor(new Tag(18, [PROTECTED, new Map(), payload, signature]))
}
export function signedOf(raw) {
  const found = fromCbor(raw)
  if (!(found instanceof Tag) || found.number !== 18) throw new Fault('cose', 'tag')
  const [guarded, loose, payload, signature] = found.value
  if (found.value.length !== 4 || !(guarded instanceof Uint8Array && loose instanceof Map && payload instanceof Uint8Array && signature instanceof Uint8Array)) throw new Fault('cose', 'parts')
  if (loose.size) throw new Fault('cose', 'loose_header')
  const headers = fromCbor(guarded)
  if (!(headers instanceof Map)) throw new Fault('cose', 'headers')
  return { guarded, headers, payload, signature, kid: headers.get(4) }
}
export async function check(signed, key, external) {
  if (signed.headers.get(1) !== -7) throw new Fault('signature', 'algorithm')
  if (signed.headers.has(2)) throw new Fault('signature', 'critical')
  if (signed.signature.length !== 64) throw new Fault('signature', 'length')
  const good = await crypto.subtle.verify(SHA, key, signed.signature, toBeSigned(signed.guarded, external, signed.payload))
  if (!good) throw new Fault('signature', 'signature')
}
