// Answers of the API, written by hand after its public reference.

/**
 * FC 3.0: ListFunctions of API 2023-03-30, keys and kinds of values as in the reference's sample answer (help.aliyun.com,
 * api-fc-2023-03-30-listfunctions) and in `Function` of the SDKs (aliyun/alibabacloud-csharp-sdk, fc-20230330).
 */
export const checkout = {
  codeChecksum: '2825179536350****',
  codeSize: 412,
  cpu: 1,
  createdTime: '2023-04-01T08:15:27Z',
  customRuntimeConfig: null,
  description: '',
  diskSize: 512,
  environmentVariables: { TOKEN: 'hunter2' },
  functionArn: 'acs:fc:cn-hangzhou:188077086902****:functions/checkout',
  functionId: 'aa715851-1c20-4b89-a8fb-***',
  functionName: 'checkout',
  handler: 'index.handler',
  instanceConcurrency: 1,
  internetAccess: true,
  lastModifiedTime: '2023-05-01T08:15:27Z',
  layers: [],
  logConfig: { enableInstanceMetrics: true, enableRequestMetrics: true, logstore: 'fc', project: 'p' },
  memorySize: 2048,
  role: 'acs:ram::188077086902****:role/fc-test',
  runtime: 'nodejs20',
  timeout: 60,
}

/** A GPU function: `gpuConfig` as in the reference. */
export const draw = {
  ...checkout,
  functionName: 'draw',
  functionArn: 'acs:fc:cn-hangzhou:188077086902****:functions/draw',
  cpu: 8,
  memorySize: 32_768,
  diskSize: 10_240,
  gpuConfig: { gpuMemorySize: 49_152, gpuType: 'fc.gpu.ada.1' },
  timeout: 600,
}

/**
 * A function of FC 2.0 as ListFunctions of FC 3.0 names it: `service$function` (github.com/Serverless-Devs/Serverless-Devs/issues/768,
 * and devsapp/fc3, src/subCommands/2to3).
 */
export const mediaResize = {
  ...checkout,
  functionName: 'media$resize',
  functionArn: 'acs:fc:cn-hangzhou:188077086902****:functions/media$resize',
  cpu: 0.35,
  memorySize: 512,
  instanceConcurrency: 20,
  timeout: 600,
}

/**
 * FC 2.0: an item of ListFunctions, or GetFunction, of API 2021-04-06, keys as in `ListFunctionsResponseBody` of the SDKs
 * (aliyun/alibabacloud-csharp-sdk, fc-open-20210406): neither service nor region are among them.
 */
export const resize = {
  codeChecksum: '5434025278388143772',
  codeSize: 1024,
  createdTime: '2016-08-15T15:00:00.000+0000',
  description: '',
  environmentVariables: null,
  functionId: '3c0d6b6c-7a9e-****',
  functionName: 'resize',
  handler: 'index.handler',
  initializationTimeout: 3,
  initializer: '',
  instanceConcurrency: 20,
  instanceSoftConcurrency: null,
  instanceType: 'e1',
  lastModifiedTime: '2016-08-15T17:00:00.000+0000',
  memorySize: 512,
  runtime: 'nodejs14',
  timeout: 600,
}

/** The same for a GPU: `g1` is "the same as fc.gpu.tesla.1". */
export const train = {
  ...resize,
  functionName: 'train',
  cpu: 8,
  diskSize: 512,
  gpuMemorySize: 16_384,
  instanceType: 'g1',
  instanceConcurrency: 1,
  memorySize: 32_768,
}
