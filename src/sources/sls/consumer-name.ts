// What this worker is called in its consumer group, where the configuration does not say it.
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the service takes as a consumer's name. */
export const consumerPattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/

/**
 * A name that is nobody else's and stays the same as long as the worker's state does: after a restart the group knows the worker,
 * which then need not wait until it has been given up for dead. It is kept in the source's folder.
 */
export function ownConsumerName(folder: string, host: string): string {
  const file = join(folder, 'consumer')
  const known = readName(file)
  if (known !== null) return known
  const place = host.replace(/[^A-Za-z0-9_.-]/g, '-').slice(0, 64)
  const name = `fcscope-${place}-${randomBytes(4).toString('hex')}`
  try {
    writeFileSync(file, name)
  } catch {
    // Where nothing can be kept it is a name for this run.
  }
  return name
}

function readName(file: string): string | null {
  try {
    const name = readFileSync(file, 'utf8').trim()
    return consumerPattern.test(name) ? name : null
  } catch {
    return null
  }
}
