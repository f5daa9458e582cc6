// A page that is opened from a folder may start no worker, in which the search runs. There, this one runs the script in a
// hidden frame instead, in which it finds what a worker has: postMessage, importScripts, and messages as events.
if (location.protocol === "file:") {
  window.IFrameWorker = class extends EventTarget {
    constructor(url) {
      super()
      const frame = document.createElement("iframe")
      frame.hidden = true
      document.body.appendChild(frame)
      const inside = frame.contentWindow
      inside.document.open()
      inside.document.write("<!doctype html><title>search</title><body></body>")
      inside.document.close()
      const load = (source) =>
        new Promise((done, failed) => {
          const script = inside.document.createElement("script")
          Object.assign(script, { src: source, onload: done, onerror: failed })
          inside.document.body.appendChild(script)
        })
      inside.importScripts = (...sources) => sources.reduce((last, source) => last.then(() => load(source)), Promise.resolve())
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }))
      this.ready = load(url)
      this.tell = (data) => inside.dispatchEvent(new inside.MessageEvent("message", { data }))
    }

    postMessage(data) {
      this.ready.then(() => this.tell(data))
    }

    terminate() {}
  }
  window.Worker = window.IFrameWorker
}
