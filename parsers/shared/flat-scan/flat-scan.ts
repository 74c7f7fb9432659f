// Hot path: runs the kernel that scans flat objects of the input window; see flat-scan.wat for which it leaves alone.
import { instantiateKernel } from '../../../src/lib/kernel.ts'
import type { LinearMemory } from '../../../src/lib/linear-memory.ts'
import { fieldNames, fieldSlots } from '../row-field.ts'
import { flatScanBase64 } from './flat-scan-bytes.ts'

// The area that the kernel works in, which begins at `base`; fields count from 1, and 0 is every unknown name:
//      0  u8  types by field                768  u8  slots of the names' hash table (row-field.ts)
//     64  i32 maybe an event               1280  u8  lengths of the names
//     68  i32 first escape of the message  1344  u8  what an escape's letter stands for
//    128  u8  field behind each field      2048  names by field, 128 bytes each: 48 bytes of name and quote, at 64 their mask
//    256  i32 starts by field             10240  places of identity bytes, 256 bytes each: length, at 16 the bytes
//    512  i32 ends by field
const STARTS = 256
const ENDS = 512
const SLOTS = 768
const LENGTHS = 1280
const LETTERS = 1344
const NAMES = 2048
const NAME_BYTES = 128
const MASKS = 64
const PLACES = 10_240
const PLACE_BYTES = 256

/** Places for identity bytes. Bytes that belong in a place that others have take it over. */
export const placeCount = 4096

/** {@link FlatScan.scan}'s answer for what the kernel leaves alone. */
export const NOT_SCANNED = 0

/** The kernel writes 16 bytes at a time. */
const slackBytes = 64

interface FlatScanExports {
  scan(start: number, end: number, base: number): number
  unescape(start: number, end: number, out: number, base: number): number
}

/** Room for the kernel in shared memory, and for the longest text that it unescapes. */
export class FlatScanRoom {
  readonly base: number
  readonly textAddress: number
  readonly textBytes: number

  constructor(memory: LinearMemory, maxTextBytes: number) {
    this.base = memory.reserve(PLACES + placeCount * PLACE_BYTES)
    this.textBytes = maxTextBytes + slackBytes
    this.textAddress = memory.reserve(this.textBytes)
  }
}

/** The kernel, bound to a memory. Positions are addresses: it reads what lies in that memory only. */
export class FlatScan {
  readonly buffer: ArrayBuffer
  /** By field, as in `FlatObject`: valid after {@link scan} answered anything but {@link NOT_SCANNED}. */
  readonly types: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** Whether a value may be an event's name, and where the message's first escape is. */
  readonly marks: Int32Array
  /** Texts that {@link unescape} made. */
  readonly text: Buffer
  readonly #base: number
  readonly #textAddress: number
  readonly #kernel: FlatScanExports

  constructor(memory: LinearMemory, room: FlatScanRoom) {
    const { buffer } = memory.memory
    const { base } = room
    this.buffer = buffer
    this.types = new Uint8Array(buffer, base + 1, fieldNames.length)
    this.starts = new Int32Array(buffer, base + STARTS + 4, fieldNames.length)
    this.ends = new Int32Array(buffer, base + ENDS + 4, fieldNames.length)
    this.marks = new Int32Array(buffer, base + 64, 2)
    this.text = Buffer.from(buffer, room.textAddress, room.textBytes)
    this.#base = base
    this.#textAddress = room.textAddress
    writeTables(new Uint8Array(buffer, base, PLACES))
    this.#kernel = instantiateKernel(flatScanBase64, 'scan', memory)
  }

  /**
   * Scans the object that begins at `start` and ends, blanks aside, at `end`. {@link NOT_SCANNED}: it is nothing for the kernel,
   * and may be anything. 1: no place. Otherwise `2 + place`, where the members that say where a row comes from (from the
   * first to the last of them) are kept byte for byte, or `-2 - place` when they were put there just now.
   */
  scan(start: number, end: number): number {
    return this.#kernel.scan(start, end, this.#base)
  }

  /**
   * Writes the text of the valid JSON string `[start, end)`, at most as long as was reserved, to {@link text}; returns its
   * length, or -1 when it holds a `\u`.
   */
  unescape(start: number, end: number): number {
    return this.#kernel.unescape(start, end, this.#textAddress, this.#base)
  }
}

function writeTables(area: Uint8Array): void {
  area.set(fieldSlots, SLOTS)
  for (const pair of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t'])
    area[LETTERS + pair.charCodeAt(0)] = pair.charCodeAt(1)
  fieldNames.forEach((name, index) => {
    const field = index + 1
    const at = NAMES + field * NAME_BYTES
    area[LENGTHS + field] = name.length
    area.set(Buffer.from(`${name}"`, 'latin1'), at)
    area.fill(0xff, at + MASKS, at + MASKS + name.length + 1)
  })
}
