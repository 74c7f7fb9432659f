/** When a record was made, as its own clock says: unix ms (NaN = not known), and whether only the second is known. */
export class RecordTime {
  ms = Number.NaN
  wholeSeconds = true
}
