// Causes of failed starts, from the platform's own error texts (facts/fc-log-formats §4b, the FAQ of custom runtimes and
// containers) and from what programs print while they start.
import { causes, platform } from './cause-cases.ts'

const exited = (code: string, command: string, logs: string) =>
  platform(
    'instanceExited',
    `Function instance exited unexpectedly(code ${code}) with start command '${command} '. Logs:${logs}`,
    'CAExited',
  )
const unhealthy = (logs: string, port = 9000) =>
  platform(
    'healthCheckFailed',
    `Function instance health check failed on port ${port} in 120 seconds.\nLogs:${logs}`,
    'FunctionNotStarted',
  )
const refused = (logs: string) =>
  platform(
    'serverNotStarted',
    `The CA's http server cannot be started:ContainerStartDuration:25000000000. Ping CA failed due to: dial tcp 21.0.5.7:9000: getsockopt: connection refused${logs}`,
    'FunctionNotStarted',
  )
const caExited = (logs: string) =>
  platform(
    'cannotStartOrExited',
    `The CA process either cannot be started or exited:ContainerStartDuration:25037266905. CA process cannot be started or exited already: rpc error: code = 106 desc = ContainerStartDuration:250000000000. Ping CA failed due to: dial tcp 21.0.7.2:9000: i/o time out Logs : ${logs}`,
    'CAExited',
  )

// The FAQ of custom runtimes and containers.
causes(
  'FAQ: bootstrap is a shell script without #!',
  caExited(
    '2019-11-29T07:27:50.759658265Z panic: standard_init_linux.go:178: exec user process caused "exec format error"',
  ),
  ['missingShebang', 'wrongArchitecture'],
  ['exec format error'],
)
causes(
  'exec format error of a binary for ARM',
  caExited('/code/bootstrap: ELF 64-bit LSB executable, ARM aarch64\nexec format error'),
  ['wrongArchitecture', 'missingShebang'],
)
causes(
  'FAQ: server listens on loopback, log names the port',
  refused(' Logs : 2019-11-29T09:53:30.859837462Z Listening on port 9000'),
  ['listensOnLoopback'],
  ['Listening on port 9000', '21.0.5.7:9000'],
)
causes('FAQ: a third party cannot be reached while starting', refused(''), [
  'dependencyUnreachable',
  'listensOnLoopback',
  'wrongPort',
  'slowStart',
])
causes(
  'FAQ: no execute permission',
  platform(
    'cannotBeStarted',
    "The CA process cannot be started due to bootstrap file don't have execute permissions",
    'CAFilePermission',
  ),
  ['bootstrapNotExecutable'],
  ['errorCode CAFilePermission', "don't have execute permissions"],
)
causes(
  'FAQ: no bootstrap file',
  platform(
    'cannotBeStarted',
    'The function cannot be started. Failed to start function instance. Error: the file /code/bootstrap is not exist',
  ),
  ['bootstrapMissing'],
  ['the file /code/bootstrap is not exist'],
)
causes(
  'another file does not exist',
  platform(
    'cannotBeStarted',
    'The function cannot be started. Failed to start function instance. Error: the file /code/server is not exist',
    'CAFileNotFound',
  ),
  ['startCommandInvalid'],
)

// Exit codes of start commands. The message in brackets is only the code's strerror.
causes(
  'windows line ends',
  exited('127, message:key has expired', '/code/bootstrap', '/usr/bin/env: ‘bash\\r’: No such file or directory'),
  ['windowsLineEndings', 'bootstrapMissing'],
  ['bash\\r'],
)
causes(
  'a carriage return itself',
  exited('127, message:key has expired', '/code/bootstrap', '/bin/bash: bash\r: command not found'),
  ['windowsLineEndings', 'bootstrapMissing'],
)
causes(
  'code 127 of bootstrap',
  exited('127, message:key has expired', '/code/bootstrap', '/code/bootstrap: line 2: gunicorn: command not found'),
  ['bootstrapMissing'],
)
causes('code 2 of bootstrap', exited('2, message:no such file or directory', '/code/bootstrap', ''), [
  'bootstrapMissing',
])
causes('code 13 of bootstrap', exited('13, message:permission denied', '/code/bootstrap', ''), [
  'bootstrapNotExecutable',
])
causes('code 126 of bootstrap', exited('126, message:required key not available', '/code/bootstrap', ''), [
  'bootstrapNotExecutable',
])
causes('code 8 of bootstrap', exited('8, message:exec format error', '/code/bootstrap', ''), [
  'missingShebang',
  'wrongArchitecture',
])
causes(
  'code 145 of dotnet',
  exited('145', 'dotnet ./target/NotExistFile.dll', ''),
  ['startCommandInvalid'],
  ['NotExistFile.dll'],
)
causes(
  'npm run start without a word',
  exited('1, message:operation not permitted', 'npm run start', ''),
  ['startCommandInvalid', 'exitCalled'],
  ['npm run start'],
)
causes(
  'npm run start without the script',
  exited('1, message:operation not permitted', 'npm run start', 'npm ERR! Missing script: "start"'),
  ['startCommandInvalid', 'exitCalled'],
)
causes(
  'a handler as start command',
  platform(
    'notReady',
    'Function not ready: failed to start container in 0.1 seconds. Error: invalid start command: index.main_handler_mulit.',
  ),
  ['startCommandInvalid'],
)
causes(
  'uvicorn is not installed',
  exited(
    '1, message:operation not permitted',
    'python3 -m uvicorn app:app',
    '/var/fc/lang/python3.10/bin/python3: No module named uvicorn',
  ),
  ['moduleNotFound', 'startCommandInvalid', 'exitCalled'],
  ['No module named uvicorn'],
)
causes('killed while starting', exited('137', '/code/bootstrap', ''), ['outOfMemory'], ['code 137'])
causes(
  'heap exhausted while starting',
  exited('134', 'node server.js', 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'),
  ['outOfMemory', 'startCommandInvalid', 'uncaughtException'],
)

// Health checks.
causes('health check, nothing listens', unhealthy(''), [
  'listensOnLoopback',
  'wrongPort',
  'slowStart',
  'dependencyUnreachable',
])
causes(
  'health check, another port',
  unhealthy('INFO: Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)'),
  ['wrongPort'],
  ['0.0.0.0:8000', 'port 9000'],
)
causes(
  'health check, loopback',
  unhealthy(' * Running on http://127.0.0.1:9000'),
  ['listensOnLoopback'],
  ['127.0.0.1:9000'],
)
causes('health check, loopback and another port', unhealthy(' * Running on http://127.0.0.1:5000'), [
  'wrongPort',
  'listensOnLoopback',
])
causes('health check, right address but late', unhealthy('Tomcat started, listening on 0.0.0.0:9000'), ['slowStart'])
causes('health check, Spring port', unhealthy('Tomcat started on port(s): 8080 (http)'), ['wrongPort'])
causes(
  'health check, a database refuses',
  unhealthy('Error: connect ECONNREFUSED 10.0.0.5:3306'),
  ['dependencyUnreachable', 'listensOnLoopback', 'wrongPort', 'slowStart', 'uncaughtException'],
  ['ECONNREFUSED 10.0.0.5:3306'],
)
causes(
  'a port that is taken is not a listening line',
  unhealthy('Error: listen EADDRINUSE: address already in use 0.0.0.0:8000'),
  ['uncaughtException', 'listensOnLoopback', 'wrongPort', 'slowStart', 'dependencyUnreachable'],
)
