// Installs the project's packages when they are missing or belong to another lock file. Runs on any Node from 18 on, so
// it is plain JavaScript and needs no package.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('..', import.meta.url))
const modules = join(project, 'node_modules')
const node = join(modules, 'node', 'bin', 'node')
const stampPath = join(modules, '.fcscope-installed')

// The content, not the file's time: a fresh checkout or a copied folder changes times.
const lockHash = createHash('sha256')
  .update(readFileSync(join(project, 'package-lock.json')))
  .digest('hex')
const stamp = `${process.platform} ${process.arch} ${lockHash}\n`

if (process.argv[2] === '--stamp') {
  writeStamp()
} else if (!isInstalled()) {
  install()
}

function isInstalled() {
  return existsSync(node) && existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp
}

function install() {
  process.stderr.write('fcscope: installing packages (first use, or package-lock.json changed) …\n')
  const npm = spawnSync('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: project,
    // npm's own words are no data of the command that comes after.
    stdio: ['ignore', 2, 2],
    env: { ...process.env, PATH: pathWithoutProject() },
  })
  if (npm.error) fail(`npm could not be started (${npm.error.message}). Install Node.js 18 or later with npm.`)
  if (npm.status !== 0) fail('npm ci failed; what it said is above. Mend that, then run the command again.')
  if (!nodeRuns()) {
    fail(
      "the project's own Node 24 is missing: an install script fetches it, and npm is set to ignore those (ignore-scripts). " +
        'Run `npm ci --ignore-scripts=false` in the project, then the command again.',
    )
  }
  writeStamp()
}

/** `npm ci` deletes the project's own node, so npm must not run on it. */
function pathWithoutProject() {
  const parts = (process.env.PATH ?? '').split(delimiter)
  return parts.filter(part => !part.startsWith(modules)).join(delimiter)
}

function nodeRuns() {
  return spawnSync(node, ['--version']).status === 0
}

function writeStamp() {
  mkdirSync(modules, { recursive: true })
  writeFileSync(stampPath, stamp)
}

function fail(message) {
  process.stderr.write(`fcscope: ${message}\n`)
  process.exit(3)
}
