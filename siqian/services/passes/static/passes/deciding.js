// Whether somebody comes in: the same decision as rules/entering.py, for a gate without a network. A test holds the two against each other.
const WAYS = ['foot', 'push', 'ride'], DAY = 1440, TOWN = 8 * 3600

export function decide(rules, { gate, klass, goes, at, lockedUntil = 0, inside = 0 }) {
  if (klass === 'emergency') return { colour: 'green', reason: 'emergency', ways: goes }
  if (lockedUntil && at < lockedUntil) return { colour: 'red', reason: 'locked', until: hm(minuteOf(lockedUntil)) }
  const ways = waysAt(rules, gate, klass, goes, at)
  if (ways.length) return rules.capacity && inside >= rules.capacity ? { colour: 'amber', reason: 'full', ways } : { colour: 'green', reason: 'come_in', ways }
  return instead(rules, gate, klass, goes, at)
}

function instead(rules, gate, klass, goes, at) {
  const others = waysAt(rules, gate, klass, WAYS, at)
  if (others.length) return { colour: 'amber', reason: 'other_way', ways: others }
  for (const line of rules.gates) {
    const ways = line.code === gate ? [] : waysAt(rules, line.code, klass, goes, at)
    if (ways.length) return { colour: 'red', reason: 'other_gate', ways, gate: line.code }
  }
  const minute = minuteOf(at), day = dayOf(at)
  const later = windowsOn(rules, day).filter(one => fits(one, gate, klass) && on(one, day)).map(one => one.begin).filter(begin => begin > minute)
  if (later.length) return { colour: 'red', reason: 'later', since: Math.min(...later) }
  const fitting = rules.windows.filter(one => one.classes.includes(klass)), here = fitting.filter(one => !one.gates.length || one.gates.includes(gate))
  const since = Math.min(...(here.length ? here : fitting).map(one => one.begin))
  const ever = fitting.some(one => one.days !== '0000000')
  return { colour: 'red', reason: ever ? 'later' : 'never', since: Number.isFinite(since) ? since : -1 }
}

export function waysAt(rules, gate, klass, goes, at) {
  const minute = minuteOf(at), today = dayOf(at), found = new Set()
  for (const [day, now] of [[today, minute], [today - 1, minute + DAY]]) {
    for (const one of windowsOn(rules, day)) if (fits(one, gate, klass) && on(one, day) && one.begin <= now && now < one.end) one.ways.forEach(way => found.add(way))
  }
  return WAYS.filter(way => found.has(way) && goes.includes(way))
}
const windowsOn = (rules, day) => (rules.specials.find(one => one.day === new Date(day * 86_400_000).toISOString().slice(0, 10)) || rules).windows
const fits = (one, gate, klass) => one.classes.includes(klass) && (!one.gates.length || one.gates.includes(gate))
// 1970-01-01 was a Thursday; the first digit is Monday's.
const on = (one, day) => one.days[(day + 3) % 7] === '1'
export const minuteOf = at => Math.floor((at + TOWN) / 60) % DAY
const dayOf = at => Math.floor((at + TOWN) / 86_400)
export const hm = minute => `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

// What a decision says, in the page's words: { word, say }.
export function sentences(decision, rules, words) {
  const ways = (decision.ways || []).map(way => words.ways[way]).join(words.or), other = rules?.gates.find(line => line.code === decision.gate)
  const values = { ways, klass: words.classes[decision.klass] || '', gate: other ? other.name : '', since: decision.since >= 0 ? hm(decision.since) : '', until: decision.until || '' }
  const say = Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), words.reasons[decision.reason] || words.reasons.signature)
  const word = decision.colour === 'green' ? words.go : decision.reason === 'other_gate' ? words.use.replace('{gate}', values.gate) : decision.colour === 'amber' ? words.look : words.stop
  return { word, say: decision.colour === 'green' ? [values.klass, ways].filter(Boolean).join(words.pause) : say, toward: other?.toward || '' }
}
