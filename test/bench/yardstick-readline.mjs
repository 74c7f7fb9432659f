// What everybody writes first: readline, regular expressions and a Map. Levels, errors, duration and billed time of every
// request of a healthy log; nothing for retries, missing Ends or doubled markers, and memory grows with the file.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

const marker = /^FC Invoke (Start|End) RequestId: ([0-9a-zA-Z-]+)(?:, Error: (.*))?/
const appLine = /^\d{4}-\d\d-\d\d[T ][\d:.]+Z? ([0-9a-zA-Z-]+) \[(\w+)\] /
const summary = /^Duration: ([\d.]+) ms, Billed Duration: (\d+) ms, Memory Size: (\d+) MB, Max Memory Used: ([\d.]+) MB/

const requests = new Map()
let ended = null
let lines = 0

const request = id => {
  let found = requests.get(id)
  if (found === undefined) {
    found = { levels: {}, error: null, ended: false, durationMs: null, billedMs: null, memoryMB: null, usedMB: null }
    requests.set(id, found)
  }
  return found
}

createInterface({ input: createReadStream(process.argv[2]), crlfDelay: Number.POSITIVE_INFINITY })
  .on('line', line => {
    lines += 1
    let match = appLine.exec(line)
    if (match !== null) {
      const { levels } = request(match[1])
      levels[match[2]] = (levels[match[2]] ?? 0) + 1
      return
    }
    match = marker.exec(line)
    if (match !== null) {
      const found = request(match[2])
      if (match[1] === 'End') {
        found.ended = true
        found.error = match[3] ?? null
        ended = found
      }
      return
    }
    match = summary.exec(line)
    if (match !== null && ended !== null) {
      ended.durationMs = Number(match[1])
      ended.billedMs = Number(match[2])
      ended.memoryMB = Number(match[3])
      ended.usedMB = Number(match[4])
      ended = null
    }
  })
  .on('close', () => {
    let failed = 0
    let billedMs = 0
    for (const found of requests.values()) {
      if (found.error !== null) failed += 1
      billedMs += found.billedMs ?? 0
    }
    process.stdout.write(`${JSON.stringify({ lines, requests: requests.size, failed, billedMs })}\n`)
  })
