// What stays in this browser: one small store, by name.
const opened = name => new Promise((resolve, reject) => {
  const asked = indexedDB.open(name, 1)
  asked.onupgradeneeded = () => asked.result.createObjectStore('kept')
  asked.onsuccess = () => resolve(asked.result)
  asked.onerror = () => reject(asked.error)
})
export async function keeper(name) {
  const db = await opened(name)
  const act = (mode, work) => new Promise((resolve, reject) => {
    const deed = db.transaction('kept', mode), asked = work(deed.objectStore('kept'))
    deed.oncomplete = () => resolve(asked?.result)
    deed.onerror = deed.onabort = () => reject(deed.error)
  })
  return {
    get: key => act('readonly', store => store.get(key)),
    put: (key, value) => act('readwrite', store => store.put(value, key)),
    drop: key => act('readwrite', store => store.delete(key)),
  }
}
