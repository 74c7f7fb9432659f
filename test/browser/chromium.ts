// A real Chromium for tests of pages: Debian's package, or the program that FCSCOPE_CHROMIUM names.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const program = process.env['FCSCOPE_CHROMIUM'] ?? '/usr/bin/chromium'

/** Why tests that need it are passed over; false where it is there. */
export const withoutChromium: string | false = existsSync(program) ? false : `${program} is not installed`

/** In a container there is neither a display nor a sandbox; nothing is asked for over the network. */
export const openChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: program,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
    ],
  })
