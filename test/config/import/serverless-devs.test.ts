import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureOf, importTexts, known, told } from './import-texts.ts'

// After docs/zh/yaml/readme.md of devsapp/fc3.
const fc3 = `edition: 3.0.0
name: hello-world-app
access: default
vars:
  region: cn-hangzhou
  size: { cpu: 0.5, memory: 512 }
  prefix: shop
resources:
  cart:
    component: fc3
    props:
      region: \${vars.region}
      functionName: \${vars.prefix}-cart
      cpu: \${vars.size.cpu}
      memorySize: \${vars.size.memory}
      diskSize: 512
      timeout: 60
      instanceConcurrency: 10
      environmentVariables: { TOKEN: "\${env('TOKEN')}" }
  draw:
    component: devsapp/fc3@0.1.2
    props:
      region: \${vars.region}
      functionName: draw
      cpu: 8
      memorySize: 32768
      gpuConfig: { gpuMemorySize: 49152, gpuType: fc.gpu.ada.1 }
  site:
    component: fc3-domain
    props: { region: cn-hangzhou }
`

// After fc-http-gpu-utils-nvidia-smi/src/s.yaml of devsapp/start-fc-gpu, its placeholders filled in.
const fc = `edition: 1.0.0
name: fc-http-gpu-utils-nvidia-smi
access: "default"
vars:
  region: "cn-shenzhen"
  service:
    name: "gpu-tools"
    description: "This is an API that detects the GPU instance environment"
services:
  fc-gpu-ai:
    component:  fc
    props:
      region: \${vars.region}
      service: \${vars.service}
      function:
        name: "nvidia-smi"
        memorySize: 8192
        gpuMemorySize: 4096
        instanceType: g1
        timeout: 300
        runtime: custom-container
      triggers: [{ name: httpTrigger, type: http }]
`

test('taken: the component fc3 with variables', () => {
  const result = importTexts({ 's.yaml': fc3 })
  assert.deepEqual(known(result), [
    {
      functionName: 'draw',
      region: 'cn-hangzhou',
      vCPU: 8,
      memoryMB: 32_768,
      gpu: { type: 'ada', memoryMB: 49_152 },
    },
    {
      functionName: 'shop-cart',
      region: 'cn-hangzhou',
      vCPU: 0.5,
      memoryMB: 512,
      diskMB: 512,
      instanceConcurrency: 10,
      timeoutSeconds: 60,
    },
  ])
  assert.deepEqual(told(result), ['noFunction - site "fc3-domain"'])
})

test('taken: the older component fc', () => {
  const result = importTexts({ 's.yaml': fc })
  assert.deepEqual(known(result), [
    {
      functionName: 'nvidia-smi',
      serviceName: 'gpu-tools',
      region: 'cn-shenzhen',
      memoryMB: 8192,
      gpu: { type: 'tesla', memoryMB: 4096 },
      timeoutSeconds: 300,
    },
  ])
  assert.deepEqual(told(result), [])
})

const resource = (props: string, more = ''): string =>
  `${more}vars: { name: a, size: 512 }\nresources:\n  x:\n    component: fc3\n    props: ${props}\n`

const partly: readonly [what: string, text: string, functions: readonly object[], notes: readonly string[]][] = [
  [
    'the environment',
    resource(`{functionName: a, memorySize: "\${env('MEMORY', 512)}", region: "\${env('REGION')}"}`),
    [{ functionName: 'a' }],
    [`notExpanded region a "\${env('REGION')}"`, `notExpanded memoryMB a "\${env('MEMORY', 512)}"`],
  ],
  [
    'configuration and other resources',
    resource(
      `{functionName: a, cpu: "\${config('cpu')}", timeout: "\${resources.y.props.timeout}", diskSize: "\${this.props.x}"}`,
    ),
    [{ functionName: 'a' }],
    [
      `notExpanded vCPU a "\${config('cpu')}"`,
      `notExpanded diskMB a "\${this.props.x}"`,
      `notExpanded timeoutSeconds a "\${resources.y.props.timeout}"`,
    ],
  ],
  ['a name', resource(`{functionName: "a-\${env('STAGE')}"}`), [], [`noName - x "a-\${env('STAGE')}"`]],
  ['no name', resource('{memorySize: 512}'), [], ['noName - x -']],
  ['all of the properties', resource(`"\${file('props.yaml')}"`), [], [`noName - x "\${file('props.yaml')}"`]],
  [
    'a GPU',
    resource(`{functionName: a, gpuConfig: "\${file('gpu.yaml')}"}`),
    [{ functionName: 'a' }],
    [`notExpanded gpu a "\${file('gpu.yaml')}"`],
  ],
  [
    'a component',
    `resources:\n  x:\n    component: "\${path('../')}"\n    props: {functionName: a}\n`,
    [],
    [`unknownComponent - x "\${path('../')}"`],
  ],
  ['a resource without a component', 'resources: {x: {props: {functionName: a}}}', [], ['unknownComponent - x -']],
  ['a resource that is none', 'resources: {x: 1}', [], ['unknownComponent - x -']],
  [
    'another file that it extends',
    resource('{functionName: a}', 'extend: s.yaml\n'),
    [{ functionName: 'a' }],
    ['inherited - s.yaml -'],
  ],
  [
    'a template that it extends',
    'resources: {x: {component: fc3, extend: {name: t}, props: {functionName: a}}}',
    [{ functionName: 'a' }],
    ['inherited - x -'],
  ],
  [
    'aliases',
    'vars: {m: &m 512}\nresources: {x: {component: fc3, props: {functionName: a, memorySize: *m}}}',
    [{ functionName: 'a' }],
    ['aliases - s.yaml -'],
  ],
  [
    'a service of FC 2.0 that nobody names',
    'services: {x: {component: fc, props: {function: {name: a}}}}',
    [],
    ['noName - x "service.name"'],
  ],
  ['a pattern, which would match other functions', resource("{functionName: 'img-*'}"), [], ['wrongName - x "img-*"']],
  ['a placeholder', resource('{functionName: "{{ functionName }}"}'), [], ['wrongName - x "{{ functionName }}"']],
  ['a number as a name', resource('{functionName: 12}'), [], ['noName - x -']],
]
for (const [what, text, functions, notes] of partly) {
  test(`not known: ${what}`, () => {
    const result = importTexts({ 's.yaml': text })
    assert.deepEqual(known(result), functions)
    assert.deepEqual(told(result), notes)
  })
}

const refused: readonly [what: string, text: string, says: RegExp][] = [
  ['an empty file', '', /^s\.yaml: found neither an answer .* nor resources or services of Serverless Devs\./],
  ['a text', 'hello', /found neither/],
  ['resources that are a list', 'resources: [a]', /found neither/],
  ['a functions.yaml', 'functions:\n- functionName: a\n', /^s\.yaml: is a functions\.yaml already\./],
  ['broken YAML', 'resources:\n\tx: 1\n', /^s\.yaml:2: found no valid YAML: /],
  ['a key that comes twice', 'resources:\n  x: 1\n  x: 2\n', /^s\.yaml:3: resources\.x: found this key twice/],
  ['a placeholder without quotes', 'access: {{ access }}\nresources: {}\n', /^s\.yaml:1: /],
  ['very deep YAML', `a: ${'['.repeat(20_000)}`, /nested too deeply|no valid YAML/],
  ['more than 1 MiB', `# ${'x'.repeat(1_048_576)}`, /longer than 1 MiB and no JSON/],
]
for (const [what, text, says] of refused) {
  test(`refused: ${what}`, () => {
    const { code, text: said } = failureOf(() => importTexts({ 's.yaml': text }))
    assert.equal(code, 'FCS_CONFIG_INVALID')
    assert.match(said.en, says)
    assert.match(said.zh, /\p{Script=Han}/u)
  })
}
