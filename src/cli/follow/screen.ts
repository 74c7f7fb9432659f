// A terminal that is drawn over again and again, and given back as it was.
import type { Output } from '../../model/output.ts'
import { widthOf } from '../paint.ts'

/** Another screen than the one with the history, and no cursor on it. */
const enter = '\x1b[?1049h\x1b[?25l'
const leave = '\x1b[?25h\x1b[?1049l'
const home = '\x1b[H'
const clearRest = '\x1b[J'
const clearLineEnd = '\x1b[K'

/** Sizes where the terminal says nothing. */
const usualRows = 24
const usualColumns = 80

export class Screen {
  readonly #stdout: Output
  readonly #onResize: () => void
  #isEntered = false

  /** `onResize`: called when the terminal has another size. */
  constructor(stdout: Output, onResize: () => void) {
    this.#stdout = stdout
    this.#onResize = onResize
  }

  /** Draws as many of the lines as there is room for. Lines hold nothing but letters and colours. */
  async draw(lines: readonly string[]): Promise<void> {
    if (!this.#isEntered) {
      this.#isEntered = true
      process.stdout.on('resize', this.#onResize)
      await this.#stdout.write(Buffer.from(enter))
    }
    const { rows = usualRows, columns = usualColumns } = process.stdout
    const shown = lines.slice(0, rows - 1).map(line => `${cut(line, columns)}${clearLineEnd}\n`)
    await this.#stdout.write(Buffer.from(`${home}${shown.join('')}${clearRest}`))
  }

  /** Safe twice. */
  async leave(): Promise<void> {
    if (!this.#isEntered) return
    this.#isEntered = false
    process.stdout.off('resize', this.#onResize)
    await this.#stdout.write(Buffer.from(leave))
  }
}

/** A line that is wider would wrap. Colours take no room, and are kept: they end with the line. */
function cut(line: string, columns: number): string {
  let width = 0
  let isColour = false
  let text = ''
  for (const letter of line) {
    isColour ||= letter === '\x1b'
    if (!isColour) width += widthOf(letter)
    if (isColour || width <= columns) text += letter
    if (isColour && letter === 'm') isColour = false
  }
  return text
}
