// How functions fail, in the words that the runtimes and the platform use (facts/fc-log-formats §4).
import type { Random } from '../lib/random.ts'
import type { CauseCode } from '../model/cause.ts'
import type { ErrorDetail, Sentence } from '../model/error-detail.ts'

const bareDetail: ErrorDetail = {
  code: null,
  type: null,
  message: '',
  stack: null,
  sentence: null,
  durationMs: null,
  maxMemoryUsedMB: null,
}

/** A sentence of the platform, as it stands on a line or in a body. */
export function sentenceDetail(
  sentence: Sentence,
  message: string,
  more: { code?: string; durationMs?: number; maxMemoryUsedMB?: number } = {},
): ErrorDetail {
  return { ...bareDetail, sentence, message, ...more }
}

export interface Exception {
  readonly type: string
  readonly message: string
  readonly cause: CauseCode
}

const exceptions: Readonly<
  Record<'node' | 'python' | 'php' | 'java' | 'go' | 'dotnet', readonly [Exception, ...Exception[]]>
> = {
  node: [
    { type: 'TypeError', message: "Cannot read properties of undefined (reading 'items')", cause: 'uncaughtException' },
    { type: 'Error', message: 'payment gateway said no', cause: 'uncaughtException' },
    { type: 'ImportModuleError', message: "Cannot find module 'lodash'", cause: 'moduleNotFound' },
    { type: 'UserCodeSyntaxError', message: "Unexpected token '}'", cause: 'syntaxError' },
  ],
  python: [
    { type: 'ValueError', message: 'bad order number', cause: 'uncaughtException' },
    { type: 'KeyError', message: 'sku', cause: 'uncaughtException' },
    { type: 'ImportModuleError', message: "No module named 'pandas'", cause: 'moduleNotFound' },
    { type: 'UserCodeSyntaxError', message: "Syntax error in module 'index'", cause: 'syntaxError' },
  ],
  php: [{ type: 'DivisionByZeroError', message: 'Division by zero', cause: 'uncaughtException' }],
  java: [{ type: 'java.lang.IllegalStateException', message: 'no stock for item', cause: 'uncaughtException' }],
  go: [{ type: 'errorString', message: 'unexpected end of input', cause: 'uncaughtException' }],
  dotnet: [{ type: 'System.ArgumentException', message: 'Value out of range', cause: 'uncaughtException' }],
}

export const pickException = (language: keyof typeof exceptions, random: Random): Exception =>
  random.pick(exceptions[language])

export const exceptionDetail = (exception: Exception): ErrorDetail => ({
  ...bareDetail,
  type: exception.type,
  message: exception.message,
})

/** JSON on one line, as Node, Go, Java and .NET print it. */
export const jsonBody = (exception: Exception): string =>
  JSON.stringify({
    errorMessage: exception.message,
    errorType: exception.type,
    stackTrace: ['at handler (/code/index.js:12:7)'],
  })

/** A Python dict, as some paths of the Python runtime print it. */
export const dictBody = (exception: Exception): string =>
  `{'errorMessage': ${pythonText(exception.message)}, 'errorType': '${exception.type}', 'stackTrace': [['File "/code/index.py"', 'line 14', 'in handler', 'work(event)']]}`

const pythonText = (text: string): string => (text.includes("'") ? `"${text}"` : `'${text}'`)

/** PHP's `var_export`, line by line. */
export const exportLines = (exception: Exception): readonly string[] => [
  'array (',
  `  'errorMessage' => '${exception.message}',`,
  `  'errorType' => '${exception.type}',`,
  "  'stackTrace' => ",
  '  array (',
  "    'file' => '/code/index.php',",
  "    'line' => 12,",
  "    'traceString' => '#0 {main}',",
  '  ),',
  ')',
]

/** The lines behind a Java exception's first. */
export const javaFrames: readonly string[] = [
  '\tat com.example.shop.OrderHandler.handleRequest(OrderHandler.java:42)',
  '\tat aliyun.serverless.runtime.Bootstrap.main(Bootstrap.java:311)',
  'Caused by: java.io.IOException: connection reset',
  '\tat com.example.shop.Stock.read(Stock.java:17)',
  '\t... 2 common frames omitted',
]

/** A traceback as Python's logger prints it behind its line. */
export const tracebackLines = (exception: Exception): readonly string[] => [
  'Traceback (most recent call last):',
  '  File "/code/index.py", line 14, in handler',
  '    work(event)',
  `${exception.type}: ${exception.message}`,
]

export interface StartFailure {
  readonly code: 'CAExited' | 'CAFileNotFound' | 'CAFilePermission' | 'FunctionNotStarted'
  readonly message: string
  readonly sentence: Sentence
  readonly cause: CauseCode
}

const startFailures: readonly [StartFailure, ...StartFailure[]] = [
  {
    code: 'CAExited',
    message:
      "Function instance exited unexpectedly(code 127, message:key has expired) with start command '/code/bootstrap '. Logs:/usr/bin/env: ‘bash\\r’: No such file or directory",
    sentence: 'instanceExited',
    cause: 'windowsLineEndings',
  },
  {
    code: 'CAExited',
    message:
      "Function instance exited unexpectedly(code 1, message:operation not permitted) with start command 'npm run start '. Logs:missing script: start",
    sentence: 'instanceExited',
    cause: 'startCommandInvalid',
  },
  {
    code: 'CAFileNotFound',
    message:
      'The function cannot be started. Failed to start function instance. Error: the file /code/bootstrap is not exist',
    sentence: 'cannotBeStarted',
    cause: 'bootstrapMissing',
  },
  {
    code: 'CAFilePermission',
    message:
      'The function cannot be started. Failed to start function instance. Error: fork/exec /code/bootstrap: permission denied',
    sentence: 'cannotBeStarted',
    cause: 'bootstrapNotExecutable',
  },
  {
    code: 'FunctionNotStarted',
    message: 'Function instance health check failed on port 9000 in 120 seconds.\nLogs: listening on 127.0.0.1:9000',
    sentence: 'healthCheckFailed',
    cause: 'listensOnLoopback',
  },
]

export const pickStartFailure = (random: Random): StartFailure => random.pick(startFailures)

/** The body with a capital E that a custom runtime's failed start leaves. */
export const startFailureBody = (failure: StartFailure): string =>
  JSON.stringify({ ErrorCode: failure.code, ErrorMessage: failure.message })

export const startFailureDetail = (failure: StartFailure): ErrorDetail => ({
  ...bareDetail,
  code: failure.code,
  message: failure.message,
  sentence: failure.sentence,
})
