// A worker in a process of its own, so that it can be stopped at any moment: OPTIONS (JSON) FILE. What it delivers is appended to the
// file, a line of JSON each; what happens to its partitions is said on standard output.
import { appendFileSync } from 'node:fs'
import { type KafkaOptions, KafkaRig } from './kafka-rig.ts'

const [options = '{}', file = ''] = process.argv.slice(2)
// The test that started this wrote them.
const checked: KafkaOptions = JSON.parse(options)
const rig = new KafkaRig()
const { worker } = await rig.run(checked, {
  store: { add: line => appendFileSync(file, `${JSON.stringify(line)}\n`) },
  deliverAfterMs: 20,
})
let told = 0
setInterval(() => {
  for (; told < worker.events.length; told += 1) process.stdout.write(`${worker.events[told]}\n`)
}, 20)
