// What is summed up of attempts before sizes and prices come in.

/**
 * What an instance did in one hour. Attempts whose instance nobody knows are instances of their own; of these, and of instances whose
 * identity nobody needs, several may be told together.
 */
export interface InstanceHour {
  readonly functionName: string | null
  readonly serviceName: string | null
  readonly qualifier: string | null
  readonly instanceID: string | null
  /** Its beginning, unix ms; null for attempts of which nobody knows when they ran. */
  readonly hourMs: number | null
  /** When the first of its billed attempts began, unix ms; that may have been in an earlier hour. */
  readonly firstMs: number
  /** The largest limit that an attempt told; null when none did. */
  readonly memoryMB: number | null
  /** Billed attempts that began in the hour. */
  readonly attempts: number
  /** Those of them that are calls. */
  readonly invocations: number
  /** Those of them of which nobody knows how long they ran. */
  readonly noDuration: number
  /** Attempts that began in the hour and are not billed. */
  readonly notBilled: number
  /** Ms of the hour in which requests were served, those that overlap counted once. */
  readonly activeMs: number
}
