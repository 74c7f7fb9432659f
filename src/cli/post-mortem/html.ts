// HTML from parts: what is put into a template is text and is escaped, unless it is HTML that a template made.

/** Made by {@link html} only, so every text in it was escaped once. */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }
}

export type HtmlPart = string | number | Html | readonly HtmlPart[] | null | false

/** A template whose values are escaped. Attributes must stand in double quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(strings.map((text, index) => text + markupOf(parts[index] ?? null)).join(''))
}

function markupOf(part: HtmlPart): string {
  if (part === null || part === false) return ''
  if (part instanceof Html) return part.markup
  if (Array.isArray(part)) return part.map(markupOf).join('')
  return escapeText(String(part))
}

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Control characters have no place in a page, and those that turn the direction of writing would lie about what stands where. */
const escapeText = (text: string): string =>
  text
    .replace(/[^\P{Cc}\n\t]|[\p{Cf}\u2028\u2029]/gu, mark => `\\u{${mark.codePointAt(0)?.toString(16)}}`)
    .toWellFormed()
    .replace(/[&<>"']/g, mark => marks[mark] ?? mark)
