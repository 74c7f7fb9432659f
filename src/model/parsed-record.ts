// One record's lines after parsing: usually one, more when a Logstore row's message holds several.
import { ParsedLine } from './parsed-line.ts'
import { Kind, type KindCode } from './record-kind.ts'

/**
 * Filled by `parseRecord`, valid until the next record. `lines[0 .. count)` are in order; text lines behind an
 * application line are part of its message and do not appear; a record that is one error body has one line.
 */
export class ParsedRecord {
  /** The kind of the first line that is not `text`. */
  kind: KindCode = Kind.text
  /** Index in `lines` of the line that gave the kind. */
  kindLine = 0
  /** Pool; grows to at most {@link maxLinesPerRecord} and is never shrunk. */
  readonly lines: ParsedLine[] = [new ParsedLine()]
  count = 0
  /** True when the record held more than one text line (contract §3: then it has `markers`). */
  severalLines = false
}

/** Lines of one record that are looked at one by one; what follows is part of the last one. */
export const maxLinesPerRecord = 1024
