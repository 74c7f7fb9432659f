// The operating system's code of an error.

/** `ENOSPC` and the like; `EIO` for an error without one. */
export const systemCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'EIO'
