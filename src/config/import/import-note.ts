// What could not be taken over, or only in part: told once per kind, with the functions that it is about.
import type { Text } from '../../model/fcscope-error.ts'

export const noteKinds = [
  'noName',
  'wrongName',
  'noService',
  'twoNames',
  'noFunction',
  'unknownComponent',
  'inherited',
  'aliases',
  'morePages',
  'notExpanded',
  'outOfBounds',
  'unknownGPU',
  'missing',
] as const
export type NoteKind = (typeof noteKinds)[number]

/** One thing that is not in the result as it was in its file. */
export interface ImportNote {
  readonly kind: NoteKind
  /** The key of functions.yaml that is left out; null where it is about more or less than a key. */
  readonly field: string | null
  /** A function, a resource or a file. */
  readonly of: string
  /** What was found; null for nothing. */
  readonly found: string | null
  /** What the field may be, for `outOfBounds`. */
  readonly allowed?: Text
}

/** Notes of one kind about one field. */
export interface NoteGroup {
  readonly kind: NoteKind
  readonly field: string | null
  readonly count: number
  /** The first few that differ. */
  readonly examples: readonly Pick<ImportNote, 'of' | 'found'>[]
  /** There are more that differ. */
  readonly hasMore: boolean
  readonly allowed: Text | null
}

const maxExamples = 5

/** In the order of {@link noteKinds}, and of the fields as they first come. */
export function groupNotes(notes: readonly ImportNote[]): readonly NoteGroup[] {
  return noteKinds.flatMap(kind => {
    const byField = Map.groupBy(
      notes.filter(note => note.kind === kind),
      ({ field }) => field,
    )
    return [...byField].map(([field, of]) => {
      const examples = differing(of, maxExamples + 1)
      return {
        kind,
        field,
        count: of.length,
        examples: examples.slice(0, maxExamples),
        hasMore: examples.length > maxExamples,
        allowed: of[0]?.allowed ?? null,
      }
    })
  })
}

function differing(notes: readonly ImportNote[], max: number): NoteGroup['examples'] {
  const examples = new Map<string, NoteGroup['examples'][number]>()
  for (const { of, found } of notes) {
    if (examples.size === max) break
    examples.set(JSON.stringify([of, found]), { of, found })
  }
  return [...examples.values()]
}
