// Reads codes from the camera: by the browser's own reader where there is one, else by ZXing (our own copy, no other place is asked).
const PAUSE = 120
let reader = null

async function zxing() {
  if (!window.ZXingWASM) await new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement('script'), { src: new URL('../vendor/zxing-reader.js', import.meta.url).href, onload: resolve, onerror: reject })
    document.head.append(script)
  })
  const wasm = new URL('../vendor/zxing-reader.wasm', import.meta.url).href
  await window.ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true })
  return async frame => (await window.ZXingWASM.readBarcodes(frame, { formats: ['QRCode'], tryHarder: true, maxNumberOfSymbols: 1 }))[0]?.text
}

async function native() {
  if (!('BarcodeDetector' in window) || !(await BarcodeDetector.getSupportedFormats()).includes('qr_code')) return null
  const detector = new BarcodeDetector({ formats: ['qr_code'] })
  return async frame => (await detector.detect(frame))[0]?.rawValue
}

export async function readFrame(frame) {
  reader ||= await native().catch(() => null) || await zxing()
  return reader(frame)
}

// Looks until something is read or stop() is called. Gives { stop }.
export async function look(video, seen) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } })
  video.srcObject = stream
  await video.play()
  const canvas = document.createElement('canvas'), pen = canvas.getContext('2d', { willReadFrequently: true })
  let on = true
  const stop = () => { on = false; stream.getTracks().forEach(track => track.stop()); video.srcObject = null }
  ;(async () => {
    while (on) {
      // At most 960 wide: more pixels cost a cheap phone more time than they bring.
      const share = Math.min(1, 960 / (video.videoWidth || 960))
      canvas.width = Math.round(video.videoWidth * share) || 1
      canvas.height = Math.round(video.videoHeight * share) || 1
      pen.drawImage(video, 0, 0, canvas.width, canvas.height)
      const text = await readFrame(pen.getImageData(0, 0, canvas.width, canvas.height)).catch(() => null)
      if (on && text) { await seen(text); if (!on) break }
      await new Promise(resolve => setTimeout(resolve, PAUSE))
    }
  })()
  return { stop }
}
