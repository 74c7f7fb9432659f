// What is thrown about a reply's bytes: they are not what they should be, or become more than there is room for.

/** Bytes that cannot be decoded. The message says where, and never what they are. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly reason: 'corrupt' | 'tooLarge'

  constructor(reason: 'corrupt' | 'tooLarge', message: string) {
    super(message)
    this.reason = reason
  }
}

export const corrupt = (what: string, at: number): DecodeError => new DecodeError('corrupt', `${what} at byte ${at}`)
