// The list of all cause rules. A new cause is a file in rules/, a code in the model and a line here.
import type { CauseRule } from './cause-rule.ts'
import { bootstrapMissing } from './rules/bootstrap-missing.ts'
import { bootstrapNotExecutable } from './rules/bootstrap-not-executable.ts'
import { clientTimeout } from './rules/client-timeout.ts'
import { dependencyUnreachable } from './rules/dependency-unreachable.ts'
import { executionTimeout } from './rules/execution-timeout.ts'
import { exitCalled } from './rules/exit-called.ts'
import { imagePullFailed } from './rules/image-pull-failed.ts'
import { keepAliveClosed } from './rules/keep-alive-closed.ts'
import { listensOnLoopback } from './rules/listens-on-loopback.ts'
import { missingShebang } from './rules/missing-shebang.ts'
import { moduleNotFound } from './rules/module-not-found.ts'
import { noCapacity } from './rules/no-capacity.ts'
import { outOfMemory } from './rules/out-of-memory.ts'
import { quotaExceeded } from './rules/quota-exceeded.ts'
import { responseTooLarge } from './rules/response-too-large.ts'
import { slowStart } from './rules/slow-start.ts'
import { startCommandInvalid } from './rules/start-command-invalid.ts'
import { syntaxError } from './rules/syntax-error.ts'
import { uncaughtException } from './rules/uncaught-exception.ts'
import { unknown } from './rules/unknown.ts'
import { windowsLineEndings } from './rules/windows-line-endings.ts'
import { wrongArchitecture } from './rules/wrong-architecture.ts'
import { wrongPort } from './rules/wrong-port.ts'

/** Every rule, once. Of causes with equal confidence the earlier one is given out first: the more telling ones lead. */
export const causeRules: readonly CauseRule[] = [
  windowsLineEndings,
  startCommandInvalid,
  bootstrapNotExecutable,
  bootstrapMissing,
  missingShebang,
  wrongArchitecture,
  imagePullFailed,
  moduleNotFound,
  syntaxError,
  outOfMemory,
  executionTimeout,
  clientTimeout,
  listensOnLoopback,
  wrongPort,
  dependencyUnreachable,
  slowStart,
  quotaExceeded,
  noCapacity,
  responseTooLarge,
  uncaughtException,
  keepAliveClosed,
  exitCalled,
  unknown,
]

/** The rule for failures that no other rule explains. */
export const fallbackRule = unknown
