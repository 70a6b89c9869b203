// The report page hears along: what we understood, who gets it, whether a neighbour has told it already.
const form = document.querySelector('form.report')
const heard = document.getElementById('heard')
const text = form.elements.text

// What was heard moves what lies below it: never while a finger is down, or its tap would meet nothing.
let lifted = Promise.resolve()
addEventListener('pointerdown', () => {
  lifted = new Promise(done => { for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => setTimeout(done), { once: true }) })
})

let timer, last = ''
const hear = async () => {
  const now = text.value.trim()
  const key = now + form.elements.building.value + form.elements.lon.value
  if (now.length < 4 || key === last) return
  last = key
  const values = new FormData(form)
  values.delete('photos')
  const answer = await fetch(form.dataset.hearing, { method: 'POST', body: values })
  const words = await answer.text()
  await lifted
  if (answer.ok && last === key) heard.innerHTML = words
}
text.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(hear, 500) })

// What was typed stays in the phone until it is sent.
try {
  const kept = localStorage.draft
  if (kept && !text.value) text.value = kept
  text.addEventListener('input', () => { localStorage.draft = text.value })
  form.addEventListener('submit', () => { localStorage.draft = '' })
} catch {}
if (text.value) hear()

// A neighbour's matter: join it, or say that it is another one.
heard.addEventListener('click', event => {
  const button = event.target.closest('button[data-joins]')
  if (!button) return
  event.preventDefault()
  form.querySelector('input[name=joins]').value = button.dataset.joins
  form.querySelector('input[name=apart]').value = button.dataset.joins ? '' : '1'
  if (button.dataset.joins) form.requestSubmit()
  else button.closest('.twin').remove()
})

// Chosen photos are shown small, each can be taken out again.
const shots = document.getElementById('shots')
const inputs = form.querySelectorAll('input[type=file]')
let bag = new DataTransfer()
const draw = () => {
  shots.replaceChildren(...[...bag.files].map((file, at) => {
    const item = document.createElement('li'), picture = new Image(), remove = document.createElement('button')
    item.className = 'shot'
    picture.src = URL.createObjectURL(file)
    picture.alt = file.name
    remove.type = 'button'
    remove.setAttribute('aria-label', shots.dataset.remove)
    remove.innerHTML = '<svg class="i" aria-hidden="true"><use href="#i-x"/></svg>'
    remove.onclick = () => { const rest = new DataTransfer(); [...bag.files].forEach((other, n) => n !== at && rest.items.add(other)); bag = rest; draw() }
    item.append(picture, remove)
    return item
  }))
  inputs[0].files = bag.files
  document.getElementById('shots-note').hidden = !bag.files.length
}
for (const input of inputs) input.addEventListener('change', () => {
  const chosen = [...input.files].filter(file => ![...bag.files].includes(file))
  if (input !== inputs[0]) input.value = ''
  chosen.slice(0, 6 - bag.files.length).forEach(file => bag.items.add(file))
  draw()
})

// Where I stand now, asked for only when wanted.
const here = document.getElementById('here')
if (here && navigator.geolocation) {
  here.hidden = false
  here.onclick = () => navigator.geolocation.getCurrentPosition(at => {
    form.elements.lon.value = at.coords.longitude
    form.elements.lat.value = at.coords.latitude
    form.elements.building.value = ''
    last = ''
    hear()
  }, () => { here.textContent = here.dataset.failed })
}
