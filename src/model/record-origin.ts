// Where a record came from, as far as the platform says it.

/**
 * The identity fields of a Logstore row. Interned by the row reader: rows with the same five values share one object,
 * so that it can serve as a map key. For text all fields are null.
 */
export class RecordOrigin {
  readonly functionName: string | null
  readonly serviceName: string | null
  readonly qualifier: string | null
  readonly versionId: string | null
  readonly instanceID: string | null

  constructor(fields: {
    functionName: string | null
    serviceName: string | null
    qualifier: string | null
    versionId: string | null
    instanceID: string | null
  }) {
    this.functionName = fields.functionName
    this.serviceName = fields.serviceName
    this.qualifier = fields.qualifier
    this.versionId = fields.versionId
    this.instanceID = fields.instanceID
  }
}
