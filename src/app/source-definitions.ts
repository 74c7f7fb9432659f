// The kinds of sources that a configuration can name, in the order in which messages and the reference page list them.
import { fileSource } from '../sources/file/file-source.ts'
import { openInput } from '../sources/file/open-input.ts'
import { httpSource } from '../sources/http/http-source.ts'
import { kafkaSource } from '../sources/kafka/kafka-source.ts'
import type { SourceDefinition } from '../sources/shared/source-definition.ts'
import { slsSource } from '../sources/sls/sls-source.ts'
import { stdinSource } from '../sources/stdin/stdin-source.ts'

export const sourceDefinitions: readonly SourceDefinition[] = [
  fileSource,
  httpSource,
  kafkaSource,
  slsSource,
  stdinSource(() => openInput('-')),
]
