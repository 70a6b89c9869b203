// What waits in this browser until the server has acknowledged it. Any page may use it; it knows nothing of what it sends.
// An entry: {key, account, subject, label, url, fields, photos: [{name, blob}], made, state, tries, next, answer}.
// Written before anything is sent; one at a time, in order for each subject; deleted only by whoever wrote it, or long after its answer.
// The server takes a key once, so that sending again does no harm and is done until there is an answer.
const DATABASE = 'siqian-queue', PATIENCE = 60_000, KEEP_SENT = 2 * 86_400_000
const FIRST_PAUSE = 2_000, LONGEST_PAUSE = 300_000

class Login extends Error {}
class Offline extends Error {}

const done = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})
const committed = change => new Promise((resolve, reject) => {
  change.oncomplete = () => resolve()
  change.onabort = change.onerror = () => reject(change.error)
})

let opened
const database = () => opened ??= new Promise((resolve, reject) => {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => {
    const entries = request.result.createObjectStore('entries', { keyPath: 'number', autoIncrement: true })
    entries.createIndex('key', ['account', 'key'], { unique: true })
    entries.createIndex('account', 'account')
    // Only what has no answer yet is marked open, so that a long list of what was sent costs nothing.
    entries.createIndex('open', ['account', 'open'])
    request.result.createObjectStore('drafts', { keyPath: 'id' })
  }
  request.onsuccess = () => {
    // A newer page may want another shape: let it have the database.
    request.result.onversionchange = () => { request.result.close(); opened = undefined }
    resolve(request.result)
  }
  request.onerror = () => { opened = undefined; reject(request.error) }
})

async function changing(work) {
  const change = (await database()).transaction(['entries', 'drafts'], 'readwrite', { durability: 'strict' })
  const end = committed(change)
  work(change.objectStore('entries'), change.objectStore('drafts'))
  await end
}

const kept = async (index, key) => done((await database()).transaction('entries').objectStore('entries').index(index).getAll(key))
const open = account => kept('open', [account, 1])

/** How many entries of this account have no answer yet. */
export const waiting = async account => (await open(account)).length

export class Queue extends EventTarget {
  /** account: whose; token: the address that gives {account, csrf} of the session, asked anew before sending. */
  constructor({ account, token }) {
    super()
    Object.assign(this, { account, token, trouble: '', timer: 0, pauses: 0 })
    this.forget().catch(() => {})
    this.others = 'BroadcastChannel' in self ? new BroadcastChannel(DATABASE) : null
    if (this.others) this.others.onmessage = () => this.changed(false)
    for (const event of ['online', 'focus']) addEventListener(event, () => { this.pauses = 0; this.send() })
    document.addEventListener('visibilitychange', () => document.hidden || this.send())
  }

  /** Every entry of this account, in the order in which they were written; open: those that have no answer yet. */
  entries() { return kept('account', this.account) }
  open() { return open(this.account) }

  /** Keep it. Resolves once it is on the disk; the same key twice is kept once. draft: what it was made of, gone in the same step. */
  async put({ key, subject, label, url, fields, photos = [], hold = 0, draft }) {
    const now = Date.now()
    const entry = { key, subject, label, url, fields, photos, account: this.account, made: new Date(now).toISOString(), state: 'waiting', open: 1, tries: 0, next: now + hold }
    await changing((entries, drafts) => {
      const added = entries.add(entry)
      // This very key is there already: a second tap. What was kept stays as it was.
      added.onerror = event => { event.preventDefault(); event.stopPropagation() }
      if (draft) drafts.delete(`${this.account} ${draft}`)
    })
    navigator.storage?.persist?.().catch(() => {})
    this.changed()
    this.send()
    return entry
  }

  /** Send what the server did not take once more, with other words. */
  async change(number, fields) {
    await this.write(number, entry => entry.state === 'conflict' && { ...entry, fields: { ...entry.fields, ...fields }, state: 'waiting', next: 0, answer: null })
    this.changed()
    this.send()
  }

  /** Away with it: only what was never sent, or what the server has refused. Says whether it is gone. */
  async drop(number) {
    let gone = false
    await this.write(number, entry => {
      gone = entry.state === 'conflict' || (entry.state === 'waiting' && !entry.tries)
      return gone && null
    })
    this.changed()
    return gone
  }

  /** A draft of a form: {key, fields, photos}. */
  keepDraft(form, draft) { return changing((_, drafts) => drafts.put({ ...draft, id: `${this.account} ${form}` })) }
  async drafts() {
    const store = (await database()).transaction('drafts').objectStore('drafts')
    const mine = `${this.account} `
    return (await done(store.getAll())).filter(draft => draft.id.startsWith(mine)).map(draft => ({ ...draft, form: draft.id.slice(mine.length) }))
  }

  /** Do not wait for the next try: somebody asks for it. */
  async now() {
    this.pauses = 0
    for (const { number, tries } of await this.open()) if (tries) await this.write(number, entry => entry.state === 'waiting' && { ...entry, next: 0 })
    await this.send()
  }

  /** Send what waits. Safe to call at any time: of all tabs one sends. */
  async send() {
    clearTimeout(this.timer)
    try {
      await this.lock({ ifAvailable: true }, async lock => { if (lock) await this.round() })
      this.trouble = ''
    } catch (error) {
      if (!(error instanceof Login || error instanceof Offline)) throw error
      this.trouble = error instanceof Login ? error.message : 'offline'
      this.pauses += 1
    } finally {
      await this.plan()
      this.changed(false)
    }
  }

  async round() {
    let session
    for (let sent = true; sent;) {
      sent = false
      const held = new Set()
      for (const entry of await this.open()) {
        if (held.has(entry.subject)) continue
        if (entry.state !== 'waiting' || entry.next > Date.now()) { held.add(entry.subject); continue }
        session ??= await this.session()
        // That it is tried is written down first: from here on it may have arrived, whatever comes back, and nobody drops it.
        const tried = await this.write(entry.number, now => now.state === 'waiting' && { ...now, tries: now.tries + 1 })
        if (!tried) continue
        const became = await this.post(tried, session)
        await this.write(entry.number, ({ open, ...now }) => ({ ...now, ...became, ...(became.state !== 'sent' && { open }) }))
        if (became.state === 'sent') { sent = true; this.dispatchEvent(new CustomEvent('sent', { detail: { ...entry, ...became } })) }
        else held.add(entry.subject)
        this.changed()
      }
    }
    this.pauses = 0
  }

  async session() {
    const answer = await this.ask(this.token, { headers: { Accept: 'application/json' } })
    if (answer.type === 'opaqueredirect' || [401, 403].includes(answer.status)) throw new Login('login')
    if (!answer.ok) throw new Offline()
    const session = await answer.json()
    if (session.account !== this.account) throw new Login(session.account === 'anyone' ? 'login' : 'other')
    return session
  }

  async post(entry, session, again = false) {
    const body = new FormData()
    for (const [name, value] of Object.entries({ ...entry.fields, key: entry.key, then: entry.made })) body.append(name, value)
    for (const photo of entry.photos) body.append('photos', photo.blob, photo.name)
    const answer = await this.ask(entry.url, { method: 'POST', body, headers: { Accept: 'application/json', 'X-CSRFToken': session.csrf } })
    const said = await answer.json().catch(() => null)
    // What was said and shown is the server's now: nothing of it stays in the telephone.
    if (answer.ok && said) return { state: 'sent', answer: said, fields: {}, photos: [], sent: Date.now() }
    if (answer.type === 'opaqueredirect' || answer.status === 401) throw new Login('login')
    // A refusal of ours says why; without a reason it is the form's token that is no longer good.
    if (answer.status === 403 && !said) {
      if (again) throw new Login('login')
      return this.post(entry, Object.assign(session, await this.session()), true)
    }
    const later = answer.status >= 500 || [408, 425, 429].includes(answer.status) || !said
    if (!later) return { state: 'conflict', answer: { status: answer.status, ...said } }
    const asked = Number(answer.headers.get('Retry-After')) * 1000 || 0
    return { next: Date.now() + Math.max(asked, this.pause(entry.tries)), answer: { status: answer.status } }
  }

  async ask(url, more) {
    try {
      return await fetch(url, { credentials: 'same-origin', cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(PATIENCE), ...more })
    } catch {
      throw new Offline()
    }
  }

  /** Doubling from two seconds to five minutes, with some chance in it, so that a thousand telephones do not come back at once. */
  pause(tries) { return Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE) * (0.75 + Math.random() / 2) }

  async plan() {
    const waits = (await this.open()).filter(entry => entry.state === 'waiting')
    if (!waits.length) return
    const next = Math.min(...waits.map(entry => entry.next))
    const pause = this.trouble ? this.pause(this.pauses) : Math.max(next - Date.now(), 1_000)
    this.retry = Date.now() + pause
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.send(), pause)
  }

  async forget() {
    const old = (await this.entries()).filter(entry => entry.state === 'sent' && entry.sent < Date.now() - KEEP_SENT)
    if (old.length) await changing(entries => old.forEach(entry => entries.delete(entry.number)))
  }

  /** Change an entry as it stands now; null takes it away, anything else that is nothing leaves it. Gives what it is then. */
  async write(number, with_) {
    let other
    await changing(entries => {
      entries.get(number).onsuccess = event => {
        const entry = event.target.result
        other = entry && with_(entry)
        if (other) entries.put(other)
        else if (other === null) entries.delete(number)
      }
    })
    return other
  }

  // Where there are no locks (an old browser), the server's keys alone see to it that nothing is done twice.
  lock(how, work) { return navigator.locks ? navigator.locks.request(DATABASE, how, work) : work(true) }

  changed(tell = true) {
    if (tell) this.others?.postMessage('changed')
    this.dispatchEvent(new Event('change'))
  }
}
