// The order of a walk, the same rule as way.py: here the telephone sorts by its own position, which is sent nowhere.
const METRES_A_MINUTE = 70, MINUTES_A_STOP = 8
const at = stop => [stop.lon, stop.lat]
const byKey = (a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

export const metres = (a, b) =>
  Math.hypot((b[1] - a[1]) * 111320, (b[0] - a[0]) * 111320 * Math.cos((a[1] * Math.PI) / 180))

export function order(start, stops) {
  let first = [], rest = [...stops]
  for (;;) {
    const walk = [...first, ...walked(first.length ? at(first.at(-1)) : start, rest)]
    const late = tooLate(start, walk, new Set(first.map(stop => stop.key)))
    if (!late) return walk
    first = [...first, late].sort((a, b) => a.due - b.due || byKey(a, b))
    rest = rest.filter(stop => stop.key !== late.key)
  }
}

function tooLate(start, walk, moved) {
  let here = start, minutes = 0
  for (const stop of walk) {
    minutes += metres(here, at(stop)) / METRES_A_MINUTE
    if (stop.due != null && minutes > stop.due && !moved.has(stop.key)) return stop
    here = at(stop)
    minutes += MINUTES_A_STOP
  }
  return null
}

function walked(here, stops) {
  const left = [...stops].sort(byKey), walk = []
  let from = here
  while (left.length) {
    let next = 0
    for (let n = 1; n < left.length; n++) if (metres(from, at(left[n])) < metres(from, at(left[next]))) next = n
    walk.push(...left.splice(next, 1))
    from = at(walk.at(-1))
  }
  for (let better = true; better;) {
    better = false
    for (let i = 0; i < walk.length - 1; i++) for (let j = i + 1; j < walk.length; j++) {
      if (!saves(here, walk, i, j)) continue
      walk.splice(i, j - i + 1, ...walk.slice(i, j + 1).reverse())
      better = true
    }
  }
  return walk
}

function saves(here, walk, i, j) {
  const before = i ? at(walk[i - 1]) : here
  let now = metres(before, at(walk[i])), turned = metres(before, at(walk[j]))
  if (j + 1 < walk.length) {
    const after = at(walk[j + 1])
    now += metres(at(walk[j]), after)
    turned += metres(at(walk[i]), after)
  }
  return turned < now - 0.01
}
