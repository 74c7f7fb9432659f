// The pages of the platform's documentation that remedies point to: addresses that were seen, none made up.

/** Addresses of help.aliyun.com by what the page is about. */
export const docPages = {
  product: 'https://help.aliyun.com/zh/functioncompute/fc/',
  /** Start commands, health checks, exit codes of custom runtimes. */
  startFailures: 'https://help.aliyun.com/zh/functioncompute/fc/user-guide/troubleshooting-2',
  /** Kept connections, exits, memory behind "Process exited unexpectedly before completing request". */
  processExited:
    'https://help.aliyun.com/zh/functioncompute/fc/process-exited-unexpectedly-before-completing-request-message',
  canceled: 'https://help.aliyun.com/zh/functioncompute/fc/invocation-canceled-by-client',
  customRuntimeFaq: 'https://help.aliyun.com/zh/functioncompute/fc/faq-about-custom-runtimes/',
  customContainer: 'https://help.aliyun.com/en/functioncompute/fc/user-guide/custom-container/',
  requestMetrics: 'https://help.aliyun.com/zh/functioncompute/fc/user-guide/request-level-metric-logs',
  /** What is retried and billed after a function error, 429, 500 and 503. */
  retries: 'https://help.aliyun.com/document_detail/2513612.html',
  errorCodes: 'https://help.aliyun.com/document_detail/154973.html',
  dependencies: 'https://help.aliyun.com/document_detail/74571.html',
  errorsInCode: 'https://help.aliyun.com/document_detail/2512969.html',
} as const
