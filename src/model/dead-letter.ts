/** Why a record could not be taken in. A closed list: the reasons become metric labels. */
export const deadLetterReasons = ['invalidJson', 'invalidUtf8', 'tooLong', 'noMessage'] as const
export type DeadLetterReason = (typeof deadLetterReasons)[number]

/** The longest line that is taken in, in bytes; what is longer becomes a `tooLong` dead letter (contract §2). */
export const maxLineBytes = 4 * 1024 * 1024
