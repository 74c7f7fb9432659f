// One request of the scenario: tells the reader when the last record of its id is out, so that nothing has to be kept for ever.

export class Job {
  /** Records made and not yet read. */
  outstanding = 0
  /** True when the scenario makes no further records. */
  isComplete = false
}
