// What a log was written to before: a stream of a file that is new goes on where that one ended.
import type { ContentStream } from './content-stream.ts'
import type { FollowedFile } from './followed-file.ts'
import type { KnownStreams } from './known-streams.ts'
import { type Dated, precedes } from './read-order.ts'
import { isAppendedTo } from './rotated-name.ts'

/**
 * The stream whose content came before that of `file`: what was at its path before, or has a name that rotation gave. Null when
 * there is none, or nobody can tell.
 */
export function formerStream(file: FollowedFile, known: KnownStreams): ContentStream | null {
  let latest: { readonly stream: ContentStream; readonly dated: Dated } | null = null
  for (const stream of known.ofFamily(file.family)) {
    if (stream === file.stream || stream.position === stream.from) continue
    if (!isOfOneLog(stream, file.original)) continue
    const dated = datedOf(stream, known)
    if (precedes(dated, file) && (latest === null || precedes(latest.dated, dated))) latest = { stream, dated }
  }
  return latest?.stream ?? null
}

/** Its content was at this path once, or its name says so. */
const isOfOneLog = ({ stream, path }: ContentStream, original: string): boolean =>
  stream.label === original || isAppendedTo(original, path) || isAppendedTo(path, original)

function datedOf(stream: ContentStream, known: KnownStreams): Dated {
  const { path, mtimeNs, isEarly, firstTime } = stream
  const { label: original } = stream.stream
  return known.carrierOf(stream) ?? { path, original, mtimeNs, isEarly, firstTime, isPlaced: false }
}
