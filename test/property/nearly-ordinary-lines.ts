// Lines that the kernel for ordinary lines takes, and lines that differ from them in the one thing that it must notice.
import fc from 'fast-check'

const hex = '0123456789abcdef0123456789abcdef0123456789abcdef'
const idOfLength = (length: number): string => `1-${hex}`.slice(0, length)
const ids = [
  ...Array.from({ length: 10 }, (_, index) => idOfLength(31 + index)),
  '65a24fa0-7e42-4ee5-8a5c-0b44b15d431a',
  '65a24fa0-7e42-4ee5-8a5c-0b44b15d431b',
  // Equal to others but for the first byte, the last, or one in the middle.
  '75a24fa0-7e42-4ee5-8a5c-0b44b15d431a',
  '65a24fa0-7e42-5ee5-8a5c-0b44b15d431a',
]
const id = fc.constantFrom(...ids)

const twoDigits = (value: number): string => String(value).padStart(2, '0')
const date = fc
  .tuple(
    fc.constantFrom('2024', '2025', '2023', '1900', '2000', '0000', '9999', '20x5'),
    fc.integer({ min: 0, max: 13 }),
    fc.oneof(fc.integer({ min: 0, max: 32 }), fc.constantFrom(28, 29, 30, 31)),
    fc.constantFrom('-', '-', '-', '-', '/', '.'),
  )
  .map(([year, month, day, mark]) => `${year}${mark}${twoDigits(month)}${mark}${twoDigits(day)}`)
const clock = fc
  .tuple(
    fc.oneof(fc.integer({ min: 0, max: 23 }), fc.constantFrom(24, 25, 99)),
    fc.oneof(fc.integer({ min: 0, max: 59 }), fc.constantFrom(60, 99)),
    fc.oneof(fc.integer({ min: 0, max: 59 }), fc.constantFrom(60, 99)),
  )
  .map(parts => parts.map(twoDigits).join(':'))
const fraction = fc.constantFrom('', '.123', ',123', '.12', '.1234', '.', '.1a3')
const zone = fc.constantFrom('Z', 'Z', 'Z', '', '+08:00', 'z', 'Z:')
const usualTime = fc.constantFrom(
  '2025-01-15T12:00:00.123Z',
  '2025-01-15 12:00:00',
  '2025-01-15 12:00:00.123',
  '2025-01-15T12:00:00Z',
)
const oddTime = fc
  .tuple(date, fc.constantFrom('T', 'T', ' ', 't', '_'), clock, fraction, zone)
  .map(parts => parts.join(''))

const words = [
  'info',
  'warn',
  'warning',
  'debug',
  'trace',
  'silly',
  'verbose',
  'error',
  'fatal',
  'notice',
  'inf',
  'infos',
  'warnin',
  'debu',
]
const level = fc
  .tuple(fc.constantFrom(...words), fc.constantFrom('lower', 'upper', 'title', 'mixed'))
  .map(([word, spelling]) => {
    if (spelling === 'lower') return word
    if (spelling === 'upper') return word.toUpperCase()
    const [first = '', ...rest] = word
    return spelling === 'title' ? first.toUpperCase() + rest.join('') : [...rest, first.toUpperCase()].join('')
  })
const oddLevel = fc.constantFrom('', ' info', 'info ', 'i\x4efo', '[object Object]', 'INFO]', '\x49\x0e\x06\x0f')

const message = fc.constantFrom(
  ' hello',
  ' hello',
  '',
  ' ',
  'x',
  ' FunctionCompute python3 runtime inited.',
  ' FunctionCompute',
  'FunctionCompute nodejs runtime inited!',
  '   F',
  ' see FC for it',
  ' FC Invoke End RequestId: 65a24fa0-7e42-4ee5-8a5c-0b44b15d431a',
  ' C',
  ' 商品 📦',
  ' \u2028',
  ' {"errorMessage":"boom"}',
)

/** One line in the shape that the kernel knows, each part of it mostly as it should be. */
export const nearlyOrdinaryLine = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: usualTime }, { weight: 2, arbitrary: oddTime }),
    fc.constantFrom(' ', ' ', ' ', ' ', ' ', '  ', '\t', ': '),
    id,
    fc.constantFrom(' [', ' [', ' [', ' [', ' [', '  [', '[', ' ', ' (', ' [['),
    fc.oneof({ weight: 6, arbitrary: level }, { weight: 1, arbitrary: oddLevel }),
    fc.constantFrom(']', ']', ']', ']', ']', '', ' ]', ']:', '] ['),
    message,
  )
  .map(parts => parts.join(''))

/** Markers that open and close the attempts of such lines. */
export const ownMarker = fc
  .tuple(
    fc.constantFrom(
      'FC Invoke Start RequestId: ',
      'FC Invoke Start RequestId: ',
      'FC Invoke End RequestId: ',
      'FC Initialize Start RequestId: ',
    ),
    id,
  )
  .map(parts => parts.join(''))
