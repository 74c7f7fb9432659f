// Summaries, bodies, sentences (facts/fc-log-formats §3, §4), and lines that only look like something.
import { isText, reads } from './line-case.ts'

// look-alikes
isText('[2021-07-26T17:16:14.812] [INFO ] [S-CLI] - Start ...')
isText('[main] INFO io.jaegertracing.Configuration - Initialized')
isText('}   "payload": "TestPayload"-timer",:58Z",9-be64-d91894700d86 [verbose] whole event: {')
isText('START RequestId: cb995243-6135-46de-aba4-07375894c57d Version: $LATEST')
isText('END RequestId: cb995243-6135-46de-aba4-07375894c57d')
isText(
  'REPORT RequestId: cb995243-6135-46de-aba4-07375894c57d Duration: 2.99 ms Billed Duration: 3 ms Memory Size: 128 MB Max Memory Used: 45 MB',
)
isText('Report RequestId: cb995243-6135-46de-aba4-07375894c57d Duration:400ms Memory:128MB MemUsage:47.7MB')
isText('Init Report RequestId: cb995243-6135-46de-aba4-07375894c57d Coldstart: 236ms')
isText('')
isText('RequestId: cb995243 said hello')
isText('Duration: 12 ms')
isText('{"level":"info","message":"errorMessage"}')
isText('{"data":{"errorMessage":"nested"}}')
isText('Logs: /var/fc/lang/python3.10/bin/python3: No module named uvicorn')
isText('Code: 200')
isText('    "errorMessage": "local variable",')
isText('load code for handler:index.handler')
isText('c-62e79e0a-0190ce336a61499caec1')

// §3 summaries
reads('Duration: 246.98 ms, Billed Duration: 247 ms, Memory Size: 256 MB, Max Memory Used: 14.43 MB', {
  kind: 'summary',
  id: '',
  durationMs: 246.98,
  billedMs: 247,
  memoryMB: 256,
  maxMemoryUsedMB: 14.43,
})
reads(
  '\x1b[0;32mRequestId: 65ca478d-b3cf-41d5-b668-9b89a4d481d8 \t Billed Duration: 44 ms \t Memory Size: 1998 MB \t Max Memory Used: 19 MB\x1b[0m',
  {
    kind: 'summary',
    id: '65ca478d-b3cf-41d5-b668-9b89a4d481d8',
    durationMs: Number.NaN,
    billedMs: 44,
    memoryMB: 1998,
    maxMemoryUsedMB: 19,
  },
)
reads(
  'RequestId: 938334c4-0000          Billed Duration: 14074 ms       Memory Size: 1998 MB    Max Memory Used: 226 MB',
  { kind: 'summary', id: '938334c4-0000', billedMs: 14074 },
)
reads(
  'RequestId: undefined \t Billed Duration: undefined ms \t Memory Size: undefined MB \t Max Memory Used: undefined MB',
  {
    kind: 'summary',
    id: '',
    billedMs: Number.NaN,
    memoryMB: Number.NaN,
    maxMemoryUsedMB: Number.NaN,
  },
)

// §4 bodies and sentences
for (const body of [
  '{"errorMessage":"x","errorType":"Error","stackTrace":["a","b"]}',
  '{"ErrorCode":"CAExited","ErrorMessage":"x"}',
  "{'errorMessage': \"Syntax error in module 'index'\", 'errorType': 'UserCodeSyntaxError'}",
  "{ errorMessage: 'Process exited unexpectedly before completing request (duration: 12ms, maxMemoryUsage: 0MB)' }",
  "array ( 'errorMessage' => 'x', 'errorType' => 'Exception', )",
  '{"stackTrace":["{","a"],"errorMessage":"cut off... Truncated by FunctionCompute',
  '{ "errorMessage" : "x" }',
])
  reads(body, { kind: 'errorJson', message: body })
reads('Function timed out after 30 seconds (maxMemoryUsage: 47.28MB)', {
  kind: 'errorText',
  durationMs: 30000,
  maxMemoryUsedMB: 47.28,
})
reads('Process exited unexpectedly before completing request (duration: 9ms, maxMemoryUsage: 49.82MB)', {
  kind: 'errorText',
  durationMs: 9,
  maxMemoryUsedMB: 49.82,
})
reads('Error: Invocation canceled by client (duration: 3565ms, maxMemoryUsage: 10.28MB)', {
  kind: 'errorText',
  durationMs: 3565,
  maxMemoryUsedMB: 10.28,
})
for (const sentence of [
  'Process exited unexpectedly before completing request',
  'Function not ready: failed to start container in 0.1 seconds. Error: invalid start command: index.main_handler_mulit.',
  'The function cannot be started. Failed to start function instance. Error: the file /code/bootstrap is not exist',
  "Function instance exited unexpectedly(code 1, message:operation not permitted) with start command 'npm run start '. Logs:…",
  "Function instance exited unexpectedly(code 145) with start command 'dotnet ./target/NotExistFile.dll '. Logs:…",
  'Function instance health check failed on port 81 in 120.7 seconds',
  'The CA process either cannot be started or exited:ContainerStartDuration:25037266905. …',
  'The function either cannot be started or exited. x',
  'The CA process cannot be started due to bootstrap file',
  "The CA's http server cannot be started:ContainerStartDuration:25000000000. Ping CA failed",
  'Reserve resource exceeded limit',
  'Code: CAExited',
  'an internal error has occurred. Please retry.',
  'Task timed out after 3.00 seconds',
  '"Function timed out after 3 seconds"',
  'Message: Function instance exited unexpectedly(code 1)',
])
  reads(sentence, { kind: 'errorText', message: sentence })
