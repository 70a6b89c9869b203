// Passes (XG1) and showings (XG2), as rules/passing.py has them.
import { Fault, check, fromBase45, fromCbor, hex, join, publicKey, sign, signedOf, toBase45, toCbor } from './codes.js'

export const SLOT = 30, SHOWN_FOR = 60, SKEW = 15, LONGEST = 24 * 3600
const CLASSES = ['delivery', 'parcel', 'maintenance', 'domestic', 'emergency', 'visitor'], WAYS = ['foot', 'push', 'ride'], MOST_LETTERS = 535
const whole = value => Number.isInteger(value) && value >= 0

export const bytesOf = text => fromBase45(text.slice(4))
export async function show(pass, slot, place, key) {
  const payload = toCbor([pass, slot, new TextEncoder().encode(place)])
  return 'XG2:' + toBase45(await sign(payload, key, 'XG2'))
}

// issuers: hex key id -> { key, since, until }
export async function readPass(raw, issuers, at) {
  const signed = signedOf(raw), issuer = signed.kid instanceof Uint8Array ? issuers.get(hex(signed.kid)) : null
  if (!issuer || at < issuer.since || at >= issuer.until) throw new Fault('signature', 'issuer')
  await check(signed, issuer.key, '')
  const pass = claimsOf(signed.payload)
  if (pass.expires - pass.issued > LONGEST) throw new Fault('claims', 'too_long')
  if (at - SKEW > pass.expires) throw new Fault('time', 'expired')
  if (at + SKEW < pass.issued) throw new Fault('time', 'from_the_future')
  return { ...pass, kid: hex(signed.kid) }
}

export function claimsOf(payload) {
  const claims = fromCbor(payload)
  if (!(claims instanceof Map)) throw new Fault('claims', 'map')
  const carrier = claims.get(8)?.get?.(1), id = claims.get(7), numbers = ['k', 'c', 's', 6, 4].map(name => claims.get(name))
  if (claims.size !== 8 || typeof claims.get(1) !== 'string' || !(id instanceof Uint8Array) || id.length !== 8) throw new Fault('claims', 'shape')
  if (!numbers.every(whole) || numbers[0] >= CLASSES.length || !(numbers[1] > 0 && numbers[1] < 8)) throw new Fault('claims', 'shape')
  if (!(carrier instanceof Map) || claims.get(8).size !== 1 || carrier.size !== 4 || carrier.get(1) !== 2 || carrier.get(-1) !== 1 || !(carrier.get(-2) instanceof Uint8Array) || carrier.get(-2).length !== 32 || typeof carrier.get(-3) !== 'boolean') throw new Fault('claims', 'key')
  const [klass, goes, index, issued, expires] = numbers
  return { id: hex(id), klass: CLASSES[klass], goes: WAYS.filter((_, bit) => goes & 1 << bit), index, issued, expires, point: join([[2 + carrier.get(-3)], carrier.get(-2)]) }
}

export async function readShown(text, issuers, place, at) {
  if (text.length > MOST_LETTERS) throw new Fault('base45', 'too_long')
  if (!text.startsWith('XG2:')) throw new Fault('prefix', text.startsWith('XG1:') ? 'pass_alone' : 'prefix')
  const signed = signedOf(bytesOf(text)), parts = fromCbor(signed.payload)
  if (!Array.isArray(parts) || parts.length !== 3) throw new Fault('cose', 'parts')
  const [raw, slot, where] = parts
  if (!(raw instanceof Uint8Array) || !whole(slot) || !(where instanceof Uint8Array) || where.length > 24) throw new Fault('cose', 'parts')
  const begun = at - slot * SLOT
  if (begun < -SKEW) throw new Fault('time', 'from_the_future')
  if (begun >= SHOWN_FOR) throw new Fault('time', 'stale')
  if (where.length && hex(where) !== hex(new TextEncoder().encode(place))) throw new Fault('place', 'other_gate')
  const pass = await readPass(raw, issuers, at)
  await check(signed, await publicKey(pass.point), 'XG2')
  return { pass, slot }
}
