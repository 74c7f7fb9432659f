;; Takes ordinary lines of text straight from the scanner's window to the attempts: application lines of open attempts, plain
;; Starts and Ends, the platform's summaries, blank lines. Whatever is not that simple stops the run, and the full parser and
;; the rules of reconstruct take the line. Nine of ten lines of healthy traffic are ordinary; one costs about 25 ns here and
;; ten times that in JavaScript.
;;
;; What it knows, and test/reconstruct/ordinary-lines.test.ts holds against the full way:
;;   lines:    `<time> <id> [LEVEL] …`: time `yyyy-MM-dd` `T` or blank `HH:mm:ss`, then nothing, `Z`, `.mmm` or `.mmmZ`; an id of
;;             36, 32 or 35 bytes (facts/fc-log-formats, section 1); a level of warn or below; no `F` behind it (a runtime's start
;;             may stand there); no `FC` anywhere (a marker may) and no `cepa` (a
;;             `traceparent` may)
;;             `FC Invoke Start RequestId: <id>` and `FC Invoke End RequestId: <id>` with nothing before and behind
;;             `Duration: … ms, Billed Duration: … ms, Memory Size: … MB, Max Memory Used: … MB` with nothing before and behind
;;             nothing at all
;;   record:   words of src/reconstruct/attempt-layout.ts as byte offsets (word 26 is 104), doubles from 160
;;   frame:    words of src/reconstruct/engine-frame.ts as byte offsets
;;   rows:     columns of src/reconstruct/line-columns.ts, the hash of src/lib/trace-id.ts
;;   index:    hash of src/reconstruct/request-ids.ts, entries of src/reconstruct/id-index.ts
(module
  (memory (import "ordinary" "memory") 1)
  (global $frame (mut i32) (i32.const 0))
  (global $table (mut i32) (i32.const 0))
  (global $entries (mut i32) (i32.const 0))
  (func $record (param $slot i32) (result i32)
    (i32.add (global.get $table) (i32.shl (local.get $slot) (i32.const 2))))

  (func $slot (param $record i32) (result i32)
    (i32.shr_u (i32.sub (local.get $record) (global.get $table)) (i32.const 2)))

  ;; Hash of the id at [$id, $id + $length), $length being 32, 35 or 36.
  (func $hash (param $id i32) (param $length i32) (result i32)
    (local $hash i32) (local $at i32) (local $end i32)
    (local.set $hash (i32.xor (i32.load offset=128 (global.get $frame)) (local.get $length)))
    (local.set $at (local.get $id))
    (local.set $end (i32.add (local.get $id) (i32.and (local.get $length) (i32.const 0x3c))))
    (loop $word
      (local.set $hash (i32.mul (i32.xor (local.get $hash) (i32.load align=1 (local.get $at))) (i32.const 0x9e3779b1)))
      (local.set $hash (i32.xor (local.get $hash) (i32.shr_u (local.get $hash) (i32.const 15))))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $word (i32.lt_u (local.get $at) (local.get $end))))
    (if (i32.eq (local.get $length) (i32.const 35))
      (then
        (local.set $hash
          (i32.mul
            (i32.xor (local.get $hash) (i32.and (i32.load align=1 (local.get $at)) (i32.const 0xffffff)))
            (i32.const 0x9e3779b1)))
        (local.set $hash (i32.xor (local.get $hash) (i32.shr_u (local.get $hash) (i32.const 15))))))
    (local.get $hash))

  ;; Address of the record of the newest attempt of an id, or 0.
  (func $find (param $hash i32) (param $id i32) (param $length i32) (result i32)
    (local $mask i32) (local $at i32) (local $entry i32) (local $slot i32) (local $record i32)
    (local.set $mask (i32.load offset=76 (global.get $frame)))
    (local.set $at (i32.and (i32.xor (local.get $hash) (i32.shr_u (local.get $hash) (i32.const 16))) (local.get $mask)))
    (block $missing
      (loop $next
        (local.set $entry (i32.add (global.get $entries) (i32.shl (local.get $at) (i32.const 3))))
        (local.set $slot (i32.load offset=4 (local.get $entry)))
        (br_if $missing (i32.eqz (local.get $slot)))
        (if (i32.eq (i32.load (local.get $entry)) (local.get $hash))
          (then
            (local.set $record (call $record (i32.sub (local.get $slot) (i32.const 1))))
            (if (i32.eq (i32.load offset=8 (local.get $record)) (local.get $length))
              (then
                (if (call $sameId (local.get $record) (local.get $id) (local.get $length))
                  (then (return (local.get $record))))))))
        (local.set $at (i32.and (i32.add (local.get $at) (i32.const 1)) (local.get $mask)))
        (br $next)))
    (i32.const 0))

  ;; The record if it is open on this stream, an invocation, and the only attempt of its id; else 0.
  (func $openHere (param $record i32) (result i32)
    (if (i32.eqz (local.get $record)) (then (return (i32.const 0))))
    (if (i32.ne (i32.load offset=56 (local.get $record)) (i32.const -1)) (then (return (i32.const 0))))
    (if (i32.ne (i32.load offset=12 (local.get $record)) (i32.load offset=36 (global.get $frame))) (then (return (i32.const 0))))
    ;; hasEnd 1<<5, closed 1<<6, metricsRow 1<<10.
    (if (i32.and (i32.load (local.get $record)) (i32.const 0x460)) (then (return (i32.const 0))))
    (local.get $record))

  (func $count (param $offset i32)
    (local $at i32)
    (local.set $at (i32.add (global.get $frame) (local.get $offset)))
    (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1))))

  ;; Two or three overlapping pieces of 16 bytes cover 32, 35 and 36.
  (func $sameId (param $record i32) (param $id i32) (param $length i32) (result i32)
    (local $tail i32)
    (local.set $tail (i32.sub (local.get $length) (i32.const 16)))
    (i32.and
      (i32.and
        (i8x16.all_true (i8x16.eq (v128.load offset=16 align=1 (local.get $record)) (v128.load align=1 (local.get $id))))
        (i8x16.all_true (i8x16.eq (v128.load offset=32 align=1 (local.get $record)) (v128.load offset=16 align=1 (local.get $id)))))
      (i8x16.all_true
        (i8x16.eq
          (v128.load offset=16 align=1 (i32.add (local.get $record) (local.get $tail)))
          (v128.load align=1 (i32.add (local.get $id) (local.get $tail)))))))

  ;; The code of the level at $at up to its bracket, or -1: warn 2, info 3, debug 4, trace 5. $levelEnd is set behind the bracket.
  (global $levelEnd (mut i32) (i32.const 0))
  (func $level (param $at i32) (result i32)
    (local $word i32) (local $rest i32)
    (local.set $word (i32.or (i32.load align=1 (local.get $at)) (i32.const 0x20202020)))
    (local.set $rest (i32.load offset=4 align=1 (local.get $at)))
    ;; A bracket right behind four letters.
    (if (i32.eq (i32.and (local.get $rest) (i32.const 0xff)) (i32.const 0x5d))
      (then
        (global.set $levelEnd (i32.add (local.get $at) (i32.const 5)))
        (if (i32.eq (local.get $word) (i32.const 0x6f666e69)) (then (return (i32.const 3)))) ;; info
        (if (i32.eq (local.get $word) (i32.const 0x6e726177)) (then (return (i32.const 2)))) ;; warn
        (return (i32.const -1))))
    ;; One letter more: debu-g, trac-e, sill-y.
    (if (i32.eq (i32.and (local.get $rest) (i32.const 0xff00)) (i32.const 0x5d00))
      (then
        (global.set $levelEnd (i32.add (local.get $at) (i32.const 6)))
        (local.set $rest (i32.or (i32.and (local.get $rest) (i32.const 0xff)) (i32.const 0x20)))
        (if (i32.and (i32.eq (local.get $word) (i32.const 0x75626564)) (i32.eq (local.get $rest) (i32.const 0x67))) (then (return (i32.const 4))))
        (if (i32.and (i32.eq (local.get $word) (i32.const 0x63617274)) (i32.eq (local.get $rest) (i32.const 0x65))) (then (return (i32.const 5))))
        (if (i32.and (i32.eq (local.get $word) (i32.const 0x6c6c6973)) (i32.eq (local.get $rest) (i32.const 0x79))) (then (return (i32.const 5))))
        (return (i32.const -1))))
    ;; Three letters more: warn-ing, verb-ose.
    (if (i32.eq (i32.shr_u (local.get $rest) (i32.const 24)) (i32.const 0x5d))
      (then
        (global.set $levelEnd (i32.add (local.get $at) (i32.const 8)))
        (local.set $rest (i32.or (i32.and (local.get $rest) (i32.const 0xffffff)) (i32.const 0x202020)))
        (if (i32.and (i32.eq (local.get $word) (i32.const 0x6e726177)) (i32.eq (local.get $rest) (i32.const 0x676e69))) (then (return (i32.const 2))))
        (if (i32.and (i32.eq (local.get $word) (i32.const 0x62726576)) (i32.eq (local.get $rest) (i32.const 0x65736f))) (then (return (i32.const 4))))))
    (i32.const -1))

  ;; Where the time at $at ends (its blank), or 0 when there is none. Days that not every month has are left to the full parser
  ;; unless the month is known to have them.
  (func $timeEnd (param $at i32) (result i32)
    (local $digits v128) (local $month i32) (local $day i32) (local $word i32)
    (local.set $digits (i8x16.sub (v128.load align=1 (local.get $at)) (i8x16.splat (i32.const 48))))
    ;; yyyy-MM-dd?HH:mm: digits everywhere but at 4, 7, 10, 13.
    (if (i32.ne (i32.and (i8x16.bitmask (i8x16.lt_u (local.get $digits) (i8x16.splat (i32.const 10)))) (i32.const 0xdb6f)) (i32.const 0xdb6f))
      (then (return (i32.const 0))))
    (if (i32.ne (i32.load8_u offset=4 (local.get $at)) (i32.const 0x2d)) (then (return (i32.const 0))))
    (if (i32.ne (i32.load8_u offset=7 (local.get $at)) (i32.const 0x2d)) (then (return (i32.const 0))))
    (local.set $word (i32.load8_u offset=10 (local.get $at)))
    (if (i32.and (i32.ne (local.get $word) (i32.const 0x54)) (i32.ne (local.get $word) (i32.const 0x20))) (then (return (i32.const 0))))
    ;; `:mm:` then two digits of the seconds.
    (if (i32.ne (i32.load8_u offset=13 (local.get $at)) (i32.const 0x3a)) (then (return (i32.const 0))))
    (local.set $word (i32.load offset=16 align=1 (local.get $at)))
    (if (i32.ne (i32.and (local.get $word) (i32.const 0xff)) (i32.const 0x3a)) (then (return (i32.const 0))))
    (if (i32.gt_u (i32.sub (i32.and (i32.shr_u (local.get $word) (i32.const 8)) (i32.const 0xff)) (i32.const 48)) (i32.const 5)) (then (return (i32.const 0))))
    (if (i32.gt_u (i32.sub (i32.and (i32.shr_u (local.get $word) (i32.const 16)) (i32.const 0xff)) (i32.const 48)) (i32.const 9)) (then (return (i32.const 0))))
    (local.set $month (i32.add (i32.mul (i8x16.extract_lane_u 5 (local.get $digits)) (i32.const 10)) (i8x16.extract_lane_u 6 (local.get $digits))))
    (local.set $day (i32.add (i32.mul (i8x16.extract_lane_u 8 (local.get $digits)) (i32.const 10)) (i8x16.extract_lane_u 9 (local.get $digits))))
    (if (i32.gt_u (i32.sub (local.get $month) (i32.const 1)) (i32.const 11)) (then (return (i32.const 0))))
    (if (i32.eqz (local.get $day)) (then (return (i32.const 0))))
    (if (i32.gt_u (local.get $day) (i32.const 28))
      (then
        (if (i32.eq (local.get $month) (i32.const 2)) (then (return (i32.const 0))))
        (if (i32.gt_u (local.get $day) (i32.const 30))
          (then
            (if (i32.gt_u (local.get $day) (i32.const 31)) (then (return (i32.const 0))))
            ;; January, March, May, July, August, October, December.
            (if (i32.eqz (i32.and (i32.shr_u (i32.const 0x15aa) (local.get $month)) (i32.const 1))) (then (return (i32.const 0))))))))
    (if
      (i32.gt_u
        (i32.add (i32.mul (i8x16.extract_lane_u 11 (local.get $digits)) (i32.const 10)) (i8x16.extract_lane_u 12 (local.get $digits)))
        (i32.const 23))
      (then (return (i32.const 0))))
    (if (i32.gt_u (i8x16.extract_lane_u 14 (local.get $digits)) (i32.const 5)) (then (return (i32.const 0))))
    ;; What stands behind the seconds.
    (local.set $word (i32.shr_u (local.get $word) (i32.const 24)))
    (if (i32.eq (local.get $word) (i32.const 0x20)) (then (return (i32.add (local.get $at) (i32.const 19)))))
    (if (i32.eq (local.get $word) (i32.const 0x5a))
      (then
        (if (i32.ne (i32.load8_u offset=20 (local.get $at)) (i32.const 0x20)) (then (return (i32.const 0))))
        (return (i32.add (local.get $at) (i32.const 20)))))
    (if (i32.ne (local.get $word) (i32.const 0x2e)) (then (return (i32.const 0))))
    (local.set $word (i32.load offset=20 align=1 (local.get $at)))
    (if (i32.gt_u (i32.sub (i32.and (local.get $word) (i32.const 0xff)) (i32.const 48)) (i32.const 9)) (then (return (i32.const 0))))
    (if (i32.gt_u (i32.sub (i32.and (i32.shr_u (local.get $word) (i32.const 8)) (i32.const 0xff)) (i32.const 48)) (i32.const 9)) (then (return (i32.const 0))))
    (if (i32.gt_u (i32.sub (i32.and (i32.shr_u (local.get $word) (i32.const 16)) (i32.const 0xff)) (i32.const 48)) (i32.const 9)) (then (return (i32.const 0))))
    (local.set $word (i32.shr_u (local.get $word) (i32.const 24)))
    (if (i32.eq (local.get $word) (i32.const 0x20)) (then (return (i32.add (local.get $at) (i32.const 23)))))
    (if (i32.ne (local.get $word) (i32.const 0x5a)) (then (return (i32.const 0))))
    (if (i32.ne (i32.load8_u offset=24 (local.get $at)) (i32.const 0x20)) (then (return (i32.const 0))))
    (i32.add (local.get $at) (i32.const 24)))

  ;; Length of the id at $id when ` [` follows it, or 0.
  (func $idLength (param $id i32) (result i32)
    (if (i32.eq (i32.load16_u offset=36 align=1 (local.get $id)) (i32.const 0x5b20)) (then (return (i32.const 36))))
    (if (i32.eq (i32.load16_u offset=32 align=1 (local.get $id)) (i32.const 0x5b20)) (then (return (i32.const 32))))
    (if (i32.eq (i32.load16_u offset=35 align=1 (local.get $id)) (i32.const 0x5b20)) (then (return (i32.const 35))))
    (i32.const 0))

  ;; 1 when the line is an application line of an open attempt, which is counted then.
  (func $takeAppLine (param $start i32) (param $end i32) (result i32)
    (local $timeEnd i32) (local $id i32) (local $length i32) (local $level i32) (local $record i32) (local $at i32)
    ;; The shortest: 19 of the time, a blank, 32 of the id, ` [info]`.
    (if (i32.lt_s (i32.sub (local.get $end) (local.get $start)) (i32.const 59)) (then (return (i32.const 0))))
    (local.set $timeEnd (call $timeEnd (local.get $start)))
    (if (i32.eqz (local.get $timeEnd)) (then (return (i32.const 0))))
    (local.set $id (i32.add (local.get $timeEnd) (i32.const 1)))
    (local.set $length (call $idLength (local.get $id)))
    (if (i32.eqz (local.get $length)) (then (return (i32.const 0))))
    (local.set $level (call $level (i32.add (i32.add (local.get $id) (local.get $length)) (i32.const 2))))
    (if (i32.lt_s (local.get $level) (i32.const 0)) (then (return (i32.const 0))))
    ;; What was read may lie behind the line's end.
    (if (i32.gt_u (global.get $levelEnd) (local.get $end)) (then (return (i32.const 0))))
    (if (call $mayBeRuntimeStart (global.get $levelEnd) (local.get $end)) (then (return (i32.const 0))))
    (local.set $record
      (call $openHere (call $find (call $hash (local.get $id) (local.get $length)) (local.get $id) (local.get $length))))
    (if (i32.eqz (local.get $record)) (then (return (i32.const 0))))
    (if (i32.load offset=148 (global.get $frame))
      (then
        (if (i32.eqz (call $hasRoom (local.get $start) (local.get $timeEnd))) (then (return (i32.const 0))))
        (call $writeRow
          (local.get $start) (local.get $timeEnd)
          (i32.add (i32.add (local.get $id) (local.get $length)) (i32.const 2))
          (local.get $end) (local.get $level) (local.get $record))))
    ;; hasLine 1<<18.
    (i32.store (local.get $record) (i32.or (i32.load (local.get $record)) (i32.const 0x40000)))
    (i32.store offset=248 (local.get $record) (i32.load offset=252 (global.get $frame)))
    (i32.store offset=64 (local.get $record) (i32.add (i32.load offset=64 (local.get $record)) (i32.const 1)))
    (local.set $at (i32.add (local.get $record) (i32.shl (local.get $level) (i32.const 2))))
    (i32.store offset=72 (local.get $at) (i32.add (i32.load offset=72 (local.get $at)) (i32.const 1)))
    (i32.store offset=8 (global.get $frame) (call $slot (local.get $record)))
    (i32.store offset=12 (global.get $frame) (i32.const 0))
    (call $count (i32.const 96))
    (i32.const 1))

  ;; 1 when a row may be written of the line at $start, and its time can be read here.
  (func $hasRoom (param $start i32) (param $timeEnd i32) (result i32)
    (local $century i32)
    (if (i32.ge_s (i32.load offset=152 (global.get $frame)) (i32.load offset=156 (global.get $frame))) (then (return (i32.const 0))))
    (if (i32.ge_u (i32.load offset=168 (global.get $frame)) (i32.load offset=180 (global.get $frame))) (then (return (i32.const 0))))
    (if (i32.ge_u (i32.load offset=172 (global.get $frame)) (i32.load offset=184 (global.get $frame))) (then (return (i32.const 0))))
    ;; The years 1900 to 2199; what is beyond them is looked at closely.
    (local.set $century (i32.load16_u align=1 (local.get $start)))
    (if
      (i32.and
        (i32.ne (local.get $century) (i32.const 0x3931))
        (i32.and (i32.ne (local.get $century) (i32.const 0x3032)) (i32.ne (local.get $century) (i32.const 0x3132))))
      (then (return (i32.const 0))))
    ;; A `Z`, or zone-less times are UTC.
    (if (i32.eq (i32.load8_u (i32.sub (local.get $timeEnd) (i32.const 1))) (i32.const 0x5a)) (then (return (i32.const 1))))
    (i32.load offset=248 (global.get $frame)))

  ;; Writes one row behind the last one. $levelStart: where the level begins; its bracket is before $levelEnd.
  (func $writeRow (param $start i32) (param $timeEnd i32) (param $levelStart i32) (param $end i32) (param $level i32) (param $record i32)
    (local $row i32) (local $at i32) (local $from i32) (local $time i64)
    (local.set $row (i32.load offset=152 (global.get $frame)))
    (i32.store offset=152 (global.get $frame) (i32.add (local.get $row) (i32.const 1)))
    (local.set $time (call $timeMs (local.get $start) (local.get $timeEnd)))
    (f64.store offset=240 (global.get $frame) (f64.convert_i64_s (local.get $time)))
    (i64.store (i32.add (i32.load offset=188 (global.get $frame)) (i32.shl (local.get $row) (i32.const 3))) (local.get $time))
    (i64.store
      (i32.add (i32.load offset=192 (global.get $frame)) (i32.shl (local.get $row) (i32.const 3)))
      (i64.add (i64.trunc_f64_u (f64.load offset=232 (global.get $frame))) (i64.extend_i32_u (local.get $start))))
    ;; Kind appLine is 1, and so is time source text.
    (i32.store8 (i32.add (i32.load offset=204 (global.get $frame)) (local.get $row)) (i32.const 1))
    (i32.store8 (i32.add (i32.load offset=212 (global.get $frame)) (local.get $row)) (i32.const 1))
    (i32.store8 (i32.add (i32.load offset=208 (global.get $frame)) (local.get $row)) (local.get $level))
    (i32.store8 (i32.add (i32.load offset=256 (global.get $frame)) (local.get $row)) (i32.const 0))
    (i32.store16
      (i32.add (i32.load offset=216 (global.get $frame)) (i32.shl (local.get $row) (i32.const 1)))
      (i32.load offset=224 (global.get $frame)))
    (i32.store16
      (i32.add (i32.load offset=220 (global.get $frame)) (i32.shl (local.get $row) (i32.const 1)))
      (i32.load offset=228 (global.get $frame)))
    (call $deriveIds (local.get $record))
    (v128.store align=1
      (i32.add (i32.load offset=196 (global.get $frame)) (i32.shl (local.get $row) (i32.const 4)))
      (v128.load offset=144 (local.get $record)))
    (i64.store
      (i32.add (i32.load offset=200 (global.get $frame)) (i32.shl (local.get $row) (i32.const 3)))
      (i64.load offset=240 (local.get $record)))
    ;; The level as written.
    (i32.store offset=176 (global.get $frame)
      (call $putText
        (i32.load offset=176 (global.get $frame))
        (local.get $levelStart)
        (i32.sub (global.get $levelEnd) (i32.const 1))))
    ;; The id, from the record.
    (local.set $from (i32.add (local.get $record) (i32.const 16)))
    (i32.store offset=172 (global.get $frame)
      (call $putText
        (i32.load offset=172 (global.get $frame))
        (local.get $from)
        (i32.add (local.get $from) (i32.load offset=8 (local.get $record)))))
    ;; The message: behind blanks and tabs, without one `\r` at the end.
    (local.set $at (global.get $levelEnd))
    (block $begin
      (loop $blank
        (br_if $begin (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $from (i32.load8_u (local.get $at)))
        (br_if $begin (i32.and (i32.ne (local.get $from) (i32.const 0x20)) (i32.ne (local.get $from) (i32.const 0x09))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $blank)))
    (if (i32.lt_u (local.get $at) (local.get $end))
      (then
        (if (i32.eq (i32.load8_u (i32.sub (local.get $end) (i32.const 1))) (i32.const 0x0d))
          (then (local.set $end (i32.sub (local.get $end) (i32.const 1)))))))
    (i32.store offset=168 (global.get $frame)
      (call $putText (i32.load offset=168 (global.get $frame)) (local.get $at) (local.get $end))))

  ;; Length and bytes of [$from, $end) at $to; returns the address behind them. Writes up to 15 bytes more.
  (func $putText (param $to i32) (param $from i32) (param $end i32) (result i32)
    (local $length i32) (local $rest i32)
    (local.set $length (i32.sub (local.get $end) (local.get $from)))
    (local.set $rest (local.get $length))
    (block $last
      (loop $more
        (br_if $last (i32.le_u (local.get $rest) (i32.const 0x7f)))
        (i32.store8 (local.get $to) (i32.or (i32.and (local.get $rest) (i32.const 0x7f)) (i32.const 0x80)))
        (local.set $rest (i32.shr_u (local.get $rest) (i32.const 7)))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))
        (br $more)))
    (i32.store8 (local.get $to) (local.get $rest))
    (local.set $to (i32.add (local.get $to) (i32.const 1)))
    (local.set $rest (i32.add (local.get $to) (local.get $length)))
    (block $copied
      (loop $copy
        (br_if $copied (i32.ge_u (local.get $from) (local.get $end)))
        (v128.store align=1 (local.get $to) (v128.load align=1 (local.get $from)))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $copy)))
    (local.get $rest))

  (func $two (param $at i32) (result i32)
    (local $word i32)
    (local.set $word (i32.load16_u align=1 (local.get $at)))
    (i32.sub
      (i32.add (i32.mul (i32.and (local.get $word) (i32.const 0xff)) (i32.const 10)) (i32.shr_u (local.get $word) (i32.const 8)))
      (i32.const 528)))

  ;; The day of the last time, by its ten characters: logs stay on a day for long.
  (global $dayHead (mut i64) (i64.const 0))
  (global $dayTail (mut i32) (i32.const 0))
  (global $dayMs (mut i64) (i64.const 0))

  ;; Unix ms of the time at $start, which `$timeEnd` and `$hasRoom` have checked.
  (func $timeMs (param $start i32) (param $timeEnd i32) (result i64)
    (local $ms i32)
    (if
      (i32.or
        (i64.ne (global.get $dayHead) (i64.load align=1 (local.get $start)))
        (i32.ne (global.get $dayTail) (i32.load16_u offset=8 align=1 (local.get $start))))
      (then
        (global.set $dayHead (i64.load align=1 (local.get $start)))
        (global.set $dayTail (i32.load16_u offset=8 align=1 (local.get $start)))
        (global.set $dayMs (i64.mul (i64.extend_i32_s (call $days (local.get $start))) (i64.const 86400000)))))
    (local.set $ms
      (i32.add
        (i32.add
          (i32.mul (call $two (i32.add (local.get $start) (i32.const 11))) (i32.const 3600000))
          (i32.mul (call $two (i32.add (local.get $start) (i32.const 14))) (i32.const 60000)))
        (i32.mul (call $two (i32.add (local.get $start) (i32.const 17))) (i32.const 1000))))
    (if (i32.eq (i32.load8_u offset=19 (local.get $start)) (i32.const 0x2e))
      (then
        (local.set $ms
          (i32.add
            (local.get $ms)
            (i32.add
              (i32.mul (call $two (i32.add (local.get $start) (i32.const 20))) (i32.const 10))
              (i32.sub (i32.load8_u offset=22 (local.get $start)) (i32.const 48)))))))
    (i64.add (global.get $dayMs) (i64.extend_i32_u (local.get $ms))))

  ;; Days from 1970-01-01, as parsers/fc-text/read-time.ts counts them: years begin with March.
  (func $days (param $start i32) (result i32)
    (local $year i32) (local $month i32) (local $day i32)
    (local.set $year
      (i32.add (i32.mul (call $two (local.get $start)) (i32.const 100)) (call $two (i32.add (local.get $start) (i32.const 2)))))
    (local.set $month (call $two (i32.add (local.get $start) (i32.const 5))))
    (local.set $day (call $two (i32.add (local.get $start) (i32.const 8))))
    (if (i32.gt_u (local.get $month) (i32.const 2))
      (then (local.set $month (i32.sub (local.get $month) (i32.const 3))))
      (else
        (local.set $month (i32.add (local.get $month) (i32.const 9)))
        (local.set $year (i32.sub (local.get $year) (i32.const 1)))))
    (i32.add
      (i32.add
        (i32.mul (local.get $year) (i32.const 365))
        (i32.sub
          (i32.add (i32.div_u (local.get $year) (i32.const 4)) (i32.div_u (local.get $year) (i32.const 400)))
          (i32.div_u (local.get $year) (i32.const 100))))
      (i32.add
        (i32.div_u (i32.add (i32.mul (i32.const 153) (local.get $month)) (i32.const 2)) (i32.const 5))
        (i32.sub (local.get $day) (i32.const 719469)))))

  (func $mixed (param $h i32) (result i32)
    (local.set $h (i32.mul (i32.xor (local.get $h) (i32.shr_u (local.get $h) (i32.const 16))) (i32.const 0x85ebca6b)))
    (local.set $h (i32.mul (i32.xor (local.get $h) (i32.shr_u (local.get $h) (i32.const 13))) (i32.const 0xc2b2ae35)))
    (i32.xor (local.get $h) (i32.shr_u (local.get $h) (i32.const 16))))

  ;; The ids of tracing of an attempt whose id is in its record, unless they are there already.
  (func $deriveIds (param $record i32)
    (local $h1 i32) (local $h2 i32) (local $h3 i32) (local $h4 i32) (local $at i32) (local $end i32) (local $unit i32) (local $length i32)
    (if (i32.load offset=156 (local.get $record)) (then (return)))
    (local.set $length (i32.load offset=8 (local.get $record)))
    (local.set $h1 (i32.const 0x74726163))
    (local.set $h2 (i32.xor (local.get $h1) (i32.const 0x239b961b)))
    (local.set $h3 (i32.xor (local.get $h1) (i32.const 0xab0e9789)))
    (local.set $h4 (i32.xor (local.get $h1) (i32.const 0x38b34ae5)))
    (local.set $at (i32.add (local.get $record) (i32.const 16)))
    (local.set $end (i32.add (local.get $at) (i32.and (i32.add (local.get $length) (i32.const 3)) (i32.const -4))))
    (loop $word
      (local.set $unit (i32.load (local.get $at)))
      (local.set $h1
        (i32.mul (i32.xor (local.get $h1) (i32.mul (local.get $unit) (i32.const 0x239b961b))) (i32.const 0xab0e9789)))
      (local.set $h1 (i32.add (i32.rotl (local.get $h1) (i32.const 15)) (local.get $h2)))
      (local.set $h2
        (i32.mul (i32.xor (local.get $h2) (i32.mul (local.get $unit) (i32.const 0x38b34ae5))) (i32.const 0xa1e38b93)))
      (local.set $h2 (i32.add (i32.rotl (local.get $h2) (i32.const 17)) (local.get $h3)))
      (local.set $h3 (i32.rotl (i32.xor (local.get $h3) (local.get $h1)) (i32.const 13)))
      (local.set $h3 (i32.add (i32.add (i32.mul (local.get $h3) (i32.const 5)) (local.get $h4)) (i32.const 0x96cd1c35)))
      (local.set $h4 (i32.rotl (i32.xor (local.get $h4) (local.get $h2)) (i32.const 18)))
      (local.set $h4 (i32.add (i32.add (i32.mul (local.get $h4) (i32.const 5)) (local.get $h1)) (i32.const 0x32ac3b17)))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $word (i32.lt_u (local.get $at) (local.get $end))))
    (local.set $h1 (i32.xor (local.get $h1) (local.get $length)))
    (local.set $h2 (i32.xor (local.get $h2) (local.get $length)))
    (local.set $h3 (i32.xor (local.get $h3) (local.get $length)))
    (local.set $h4 (i32.xor (local.get $h4) (local.get $length)))
    (local.set $h1
      (call $mixed (i32.add (i32.add (local.get $h1) (local.get $h2)) (i32.add (local.get $h3) (local.get $h4)))))
    (local.set $h2 (call $mixed (i32.add (local.get $h2) (local.get $h1))))
    (local.set $h3 (call $mixed (i32.add (local.get $h3) (local.get $h2))))
    (local.set $h4 (call $mixed (i32.add (local.get $h4) (local.get $h3))))
    (local.set $h1 (i32.add (local.get $h1) (local.get $h4)))
    (if (i32.eqz (i32.or (i32.or (local.get $h1) (local.get $h2)) (i32.or (local.get $h3) (local.get $h4))))
      (then (local.set $h4 (i32.const 1))))
    (i32.store offset=144 (local.get $record) (local.get $h1))
    (i32.store offset=148 (local.get $record) (local.get $h2))
    (i32.store offset=152 (local.get $record) (local.get $h3))
    (i32.store offset=156 (local.get $record) (local.get $h4))
    ;; Which attempt it is, as far as is known: given out before, or added before.
    (local.set $unit (i32.load offset=140 (local.get $record)))
    (if (i32.gt_s (i32.load offset=132 (local.get $record)) (local.get $unit))
      (then (local.set $unit (i32.load offset=132 (local.get $record)))))
    (local.set $unit
      (i32.add
        (i32.add (i32.shl (local.get $unit) (i32.const 2)) (i32.and (i32.load (local.get $record)) (i32.const 3)))
        (i32.const 1)))
    (local.set $h1 (call $mixed (i32.xor (local.get $h1) (i32.mul (local.get $unit) (i32.const 0x9e3779b1)))))
    (local.set $h2
      (call $mixed
        (i32.add (i32.xor (local.get $h3) (i32.mul (local.get $unit) (i32.const 0x85ebca6b))) (local.get $h1))))
    (if (i32.eqz (i32.or (local.get $h1) (local.get $h2))) (then (local.set $h2 (i32.const 1))))
    (i32.store offset=240 (local.get $record) (local.get $h1))
    (i32.store offset=244 (local.get $record) (local.get $h2)))

  ;; Length of an id that fills [$id, $end), or 0.
  (func $wholeId (param $id i32) (param $end i32) (result i32)
    (local $length i32)
    (local.set $length (i32.sub (local.get $end) (local.get $id)))
    (if (i32.eq (local.get $length) (i32.const 36)) (then (return (local.get $length))))
    (if (i32.eq (local.get $length) (i32.const 32)) (then (return (local.get $length))))
    (if (i32.eq (local.get $length) (i32.const 35)) (then (return (local.get $length))))
    (i32.const 0))

  ;; 1 when 16 bytes are letters, digits, `*`, `_` or `-`.
  (func $isToken (param $at i32) (result i32)
    (local $block v128) (local $small v128)
    (local.set $block (v128.load align=1 (local.get $at)))
    (local.set $small (v128.or (local.get $block) (i8x16.splat (i32.const 0x20))))
    (i8x16.all_true
      (v128.or
        (v128.or
          (i8x16.lt_u (i8x16.sub (local.get $small) (i8x16.splat (i32.const 0x61))) (i8x16.splat (i32.const 26)))
          (i8x16.lt_u (i8x16.sub (local.get $block) (i8x16.splat (i32.const 0x30))) (i8x16.splat (i32.const 10))))
        (v128.or
          (v128.or
            (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x2a)))
            (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x5f))))
          (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x2d)))))))

  ;; A marker at the line's start: 1 for a plain Start, 2 for a plain End, 0 for anything else.
  (func $markerSide (param $start i32) (param $end i32) (result i32)
    (if (i32.lt_s (i32.sub (local.get $end) (local.get $start)) (i32.const 57)) (then (return (i32.const 0))))
    ;; `FC Invoke`, eight bytes of it and the blank behind.
    (if (i64.ne (i64.load align=1 (local.get $start)) (i64.const 0x6b6f766e49204346)) (then (return (i32.const 0))))
    (if (i32.ne (i32.load16_u offset=8 align=1 (local.get $start)) (i32.const 0x2065)) (then (return (i32.const 0))))
    ;; `Start Re` `questId:` ` `
    (if (i64.eq (i64.load offset=10 align=1 (local.get $start)) (i64.const 0x6552207472617453))
      (then
        (if (i64.ne (i64.load offset=18 align=1 (local.get $start)) (i64.const 0x3a64497473657571)) (then (return (i32.const 0))))
        (return (i32.eq (i32.load8_u offset=26 (local.get $start)) (i32.const 0x20)))))
    ;; `End Requ` `estId: `
    (if (i64.eq (i64.load offset=10 align=1 (local.get $start)) (i64.const 0x7571655220646e45))
      (then
        (if
          (i64.eq
            (i64.and (i64.load offset=18 align=1 (local.get $start)) (i64.const 0x00ffffffffffffff))
            (i64.const 0x00203a6449747365))
          (then (return (i32.const 2))))))
    (i32.const 0))

  ;; 1 when a new attempt was made of the Start.
  (func $takeStart (param $id i32) (param $end i32) (result i32)
    (local $length i32) (local $hash i32) (local $slot i32) (local $record i32) (local $other i32) (local $at i32) (local $mask i32)
    (if (i32.eqz (i32.load offset=40 (global.get $frame))) (then (return (i32.const 0))))
    (local.set $length (call $wholeId (local.get $id) (local.get $end)))
    (if (i32.eqz (local.get $length)) (then (return (i32.const 0))))
    (if (i32.eqz (call $isToken (local.get $id))) (then (return (i32.const 0))))
    (if (i32.eqz (call $isToken (i32.add (local.get $id) (i32.const 16)))) (then (return (i32.const 0))))
    (if (i32.eqz (call $isToken (i32.sub (local.get $end) (i32.const 16)))) (then (return (i32.const 0))))
    (local.set $hash (call $hash (local.get $id) (local.get $length)))
    (if (call $find (local.get $hash) (local.get $id) (local.get $length)) (then (return (i32.const 0))))
    ;; The index grows in JavaScript.
    (local.set $mask (i32.load offset=76 (global.get $frame)))
    (if
      (i32.gt_u
        (i32.shl (i32.add (i32.load offset=80 (global.get $frame)) (i32.const 1)) (i32.const 1))
        (i32.add (local.get $mask) (i32.const 1)))
      (then (return (i32.const 0))))
    ;; A slot: from the free ones, else a fresh one.
    (local.set $slot (i32.load offset=68 (global.get $frame)))
    (if (i32.eq (local.get $slot) (i32.const -1))
      (then
        (local.set $slot (i32.load offset=72 (global.get $frame)))
        (if (i32.ge_u (local.get $slot) (i32.load offset=92 (global.get $frame))) (then (return (i32.const 0))))
        (i32.store offset=72 (global.get $frame) (i32.add (local.get $slot) (i32.const 64)))
        (local.set $record (call $record (local.get $slot))))
      (else
        (local.set $record (call $record (local.get $slot)))
        (i32.store offset=68 (global.get $frame) (i32.load offset=120 (local.get $record)))))
    ;; hasStart 1<<4, startWholeSeconds 1<<13, textTimes 1<<20; phase invoke.
    (i32.store (local.get $record) (i32.const 0x102010))
    (i32.store offset=4 (local.get $record) (local.get $hash))
    (i32.store offset=8 (local.get $record) (local.get $length))
    (i32.store offset=12 (local.get $record) (i32.load offset=36 (global.get $frame)))
    (v128.store offset=16 align=1 (local.get $record) (v128.load align=1 (local.get $id)))
    (v128.store offset=32 align=1 (local.get $record) (v128.load offset=16 align=1 (local.get $id)))
    (i64.store offset=48 (local.get $record) (i64.const 0))
    (if (i32.gt_u (local.get $length) (i32.const 32))
      (then
        (i32.store offset=48 (local.get $record)
          (i32.and
            (i32.load offset=32 align=1 (local.get $id))
            (select (i32.const -1) (i32.const 0xffffff) (i32.eq (local.get $length) (i32.const 36)))))))
    (i32.store offset=56 (local.get $record) (i32.const -1))
    (i32.store offset=60 (local.get $record) (i32.const 0))
    ;; Counts: nine words from 64.
    (v128.store offset=64 align=1 (local.get $record) (v128.const i32x4 0 0 0 0))
    (v128.store offset=80 align=1 (local.get $record) (v128.const i32x4 0 0 0 0))
    (i32.store offset=96 (local.get $record) (i32.const 0))
    (i32.store offset=100 (local.get $record) (i32.const -1))
    (i32.store offset=132 (local.get $record) (i32.const 0))
    (i32.store offset=140 (local.get $record) (i32.const 0))
    (i32.store offset=156 (local.get $record) (i32.const 0))
    (i32.store offset=248 (local.get $record) (i32.load offset=252 (global.get $frame)))
    ;; sequence, startMs, endMs, idleBeforeMs, firstTrouble, lastTrouble.
    (f64.store offset=160 (local.get $record) (f64.load offset=160 (global.get $frame)))
    (f64.store offset=160 (global.get $frame) (f64.add (f64.load offset=160 (global.get $frame)) (f64.const 1)))
    (f64.store offset=168 (local.get $record) (f64.const nan))
    (f64.store offset=176 (local.get $record) (f64.const nan))
    (f64.store offset=184 (local.get $record) (f64.const nan))
    (f64.store offset=192 (local.get $record) (f64.const 0))
    (f64.store offset=200 (local.get $record) (f64.const 0))
    ;; The index.
    (local.set $at (i32.and (i32.xor (local.get $hash) (i32.shr_u (local.get $hash) (i32.const 16))) (local.get $mask)))
    (loop $probe
      (local.set $other (i32.add (global.get $entries) (i32.shl (local.get $at) (i32.const 3))))
      (if (i32.load offset=4 (local.get $other))
        (then
          (local.set $at (i32.and (i32.add (local.get $at) (i32.const 1)) (local.get $mask)))
          (br $probe))))
    (i32.store (local.get $other) (local.get $hash))
    (i32.store offset=4 (local.get $other) (i32.add (local.get $slot) (i32.const 1)))
    (call $count (i32.const 80))
    ;; Open on its stream.
    (local.set $other (i32.load offset=16 (global.get $frame)))
    (i32.store offset=104 (local.get $record) (local.get $other))
    (i32.store offset=108 (local.get $record) (i32.const -1))
    (if (i32.ne (local.get $other) (i32.const -1))
      (then (i32.store offset=108 (call $record (local.get $other)) (local.get $slot))))
    (i32.store offset=16 (global.get $frame) (local.get $slot))
    (call $count (i32.const 20))
    ;; Open by age.
    (local.set $other (i32.load offset=48 (global.get $frame)))
    (i32.store offset=112 (local.get $record) (local.get $other))
    (i32.store offset=116 (local.get $record) (i32.const -1))
    (if (i32.eq (local.get $other) (i32.const -1))
      (then (i32.store offset=44 (global.get $frame) (local.get $slot)))
      (else (i32.store offset=116 (call $record (local.get $other)) (local.get $slot))))
    (i32.store offset=48 (global.get $frame) (local.get $slot))
    (call $count (i32.const 60))
    (i32.store offset=8 (global.get $frame) (local.get $slot))
    (i32.store offset=12 (global.get $frame) (i32.const 1))
    (call $count (i32.const 100))
    (i32.const 1))

  ;; 1 when an open attempt was ended.
  (func $takeEnd (param $id i32) (param $end i32) (result i32)
    (local $length i32) (local $record i32) (local $slot i32) (local $next i32) (local $previous i32)
    (local.set $length (call $wholeId (local.get $id) (local.get $end)))
    (if (i32.eqz (local.get $length)) (then (return (i32.const 0))))
    (local.set $record
      (call $openHere (call $find (call $hash (local.get $id) (local.get $length)) (local.get $id) (local.get $length))))
    (if (i32.eqz (local.get $record)) (then (return (i32.const 0))))
    ;; Another phase's attempt is not ended by an invocation's End.
    (if (i32.and (i32.load (local.get $record)) (i32.const 3)) (then (return (i32.const 0))))
    (local.set $slot (call $slot (local.get $record)))
    ;; Out of the stream's open ones.
    (local.set $next (i32.load offset=104 (local.get $record)))
    (local.set $previous (i32.load offset=108 (local.get $record)))
    (if (i32.ne (local.get $next) (i32.const -1))
      (then (i32.store offset=108 (call $record (local.get $next)) (local.get $previous))))
    (if (i32.eq (local.get $previous) (i32.const -1))
      (then (i32.store offset=16 (global.get $frame) (local.get $next)))
      (else (i32.store offset=104 (call $record (local.get $previous)) (local.get $next))))
    (i32.store offset=20 (global.get $frame) (i32.sub (i32.load offset=20 (global.get $frame)) (i32.const 1)))
    ;; Out of the open ones by age: `next` is the younger, `previous` the older.
    (local.set $previous (i32.load offset=112 (local.get $record)))
    (local.set $next (i32.load offset=116 (local.get $record)))
    (if (i32.eq (local.get $previous) (i32.const -1))
      (then (i32.store offset=44 (global.get $frame) (local.get $next)))
      (else (i32.store offset=116 (call $record (local.get $previous)) (local.get $next))))
    (if (i32.eq (local.get $next) (i32.const -1))
      (then (i32.store offset=48 (global.get $frame) (local.get $previous)))
      (else (i32.store offset=112 (call $record (local.get $next)) (local.get $previous))))
    (i32.store offset=60 (global.get $frame) (i32.sub (i32.load offset=60 (global.get $frame)) (i32.const 1)))
    ;; hasEnd 1<<5, endWholeSeconds 1<<14, textTimes 1<<20; the outcome's bits stay 0, ok.
    (i32.store (local.get $record) (i32.or (i32.load (local.get $record)) (i32.const 0x104020)))
    ;; Into the closed ones.
    (i32.store offset=252 (local.get $record) (i32.load offset=252 (global.get $frame)))
    (local.set $previous (i32.load offset=56 (global.get $frame)))
    (i32.store offset=120 (local.get $record) (i32.const -1))
    (i32.store offset=124 (local.get $record) (local.get $previous))
    (if (i32.eq (local.get $previous) (i32.const -1))
      (then (i32.store offset=52 (global.get $frame) (local.get $slot)))
      (else (i32.store offset=120 (call $record (local.get $previous)) (local.get $slot))))
    (i32.store offset=56 (global.get $frame) (local.get $slot))
    (call $count (i32.const 64))
    (i32.store offset=8 (global.get $frame) (local.get $slot))
    (i32.store offset=12 (global.get $frame) (i32.const 1))
    (i32.store offset=24 (global.get $frame) (local.get $slot))
    (i32.store offset=32 (global.get $frame) (local.get $slot))
    (call $count (i32.const 28))
    (call $count (i32.const 104))
    (i32.const 1))

  ;; A decimal of up to nine digits, up to three of them behind a point, at $at; $numberEnd is set behind it (0: there is none).
  ;; Mantissa and power of ten are exact, and so is the nearest double that their quotient gives.
  (global $numberEnd (mut i32) (i32.const 0))
  (func $number (param $at i32) (result f64)
    (local $byte i32) (local $value i32) (local $digits i32) (local $scale f64) (local $decimals i32)
    (local.set $scale (f64.const 1))
    (global.set $numberEnd (i32.const 0))
    (block $done
      (loop $next
        (local.set $byte (i32.sub (i32.load8_u (local.get $at)) (i32.const 48)))
        (if (i32.le_u (local.get $byte) (i32.const 9))
          (then
            (local.set $value (i32.add (i32.mul (local.get $value) (i32.const 10)) (local.get $byte)))
            (local.set $digits (i32.add (local.get $digits) (i32.const 1)))
            (if (i32.gt_u (local.get $digits) (i32.const 9)) (then (return (f64.const 0))))
            (if (local.get $decimals)
              (then
                (local.set $scale (f64.mul (local.get $scale) (f64.const 10)))
                (local.set $decimals (i32.add (local.get $decimals) (i32.const 1)))
                (if (i32.gt_u (local.get $decimals) (i32.const 4)) (then (return (f64.const 0))))))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br $next)))
        ;; The point, once, and behind a digit.
        (br_if $done (i32.ne (local.get $byte) (i32.const -2)))
        (br_if $done (local.get $decimals))
        (if (i32.eqz (local.get $digits)) (then (return (f64.const 0))))
        (local.set $decimals (i32.const 1))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    ;; No digits at all, or a point with none behind it.
    (if (i32.or (i32.eqz (local.get $digits)) (i32.eq (local.get $decimals) (i32.const 1))) (then (return (f64.const 0))))
    (global.set $numberEnd (local.get $at))
    (f64.div (f64.convert_i32_u (local.get $value)) (local.get $scale)))

  ;; 1 when the line is a platform summary, which goes to the attempt that ended last, if it is the only one and has none.
  (func $takeSummary (param $start i32) (param $end i32) (result i32)
    (local $duration f64) (local $billed f64) (local $memory f64) (local $used f64) (local $at i32) (local $record i32)
    (if (i32.lt_s (i32.sub (local.get $end) (local.get $start)) (i32.const 70)) (then (return (i32.const 0))))
    ;; `Duratio` `n: `
    (if (i64.ne (i64.load align=1 (local.get $start)) (i64.const 0x6e6f697461727544)) (then (return (i32.const 0))))
    (if (i32.ne (i32.load16_u offset=8 align=1 (local.get $start)) (i32.const 0x203a)) (then (return (i32.const 0))))
    (local.set $duration (call $number (i32.add (local.get $start) (i32.const 10))))
    (local.set $at (global.get $numberEnd))
    (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))
    ;; ` ms, Bil` `led Dura` `tion: `
    (if (i64.ne (i64.load align=1 (local.get $at)) (i64.const 0x6c6942202c736d20)) (then (return (i32.const 0))))
    (if (i64.ne (i64.load offset=8 align=1 (local.get $at)) (i64.const 0x617275442064656c)) (then (return (i32.const 0))))
    (if (i32.ne (i32.load offset=16 align=1 (local.get $at)) (i32.const 0x6e6f6974)) (then (return (i32.const 0))))
    (if (i32.ne (i32.load16_u offset=20 align=1 (local.get $at)) (i32.const 0x203a)) (then (return (i32.const 0))))
    (local.set $billed (call $number (i32.add (local.get $at) (i32.const 22))))
    (local.set $at (global.get $numberEnd))
    (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))
    ;; ` ms, Mem` `ory Size` `: `
    (if (i64.ne (i64.load align=1 (local.get $at)) (i64.const 0x6d654d202c736d20)) (then (return (i32.const 0))))
    (if (i64.ne (i64.load offset=8 align=1 (local.get $at)) (i64.const 0x657a69532079726f)) (then (return (i32.const 0))))
    (if (i32.ne (i32.load16_u offset=16 align=1 (local.get $at)) (i32.const 0x203a)) (then (return (i32.const 0))))
    (local.set $memory (call $number (i32.add (local.get $at) (i32.const 18))))
    (local.set $at (global.get $numberEnd))
    (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))
    ;; ` MB, Max` ` Memory ` `Used: `
    (if (i64.ne (i64.load align=1 (local.get $at)) (i64.const 0x78614d202c424d20)) (then (return (i32.const 0))))
    (if (i64.ne (i64.load offset=8 align=1 (local.get $at)) (i64.const 0x2079726f6d654d20)) (then (return (i32.const 0))))
    (if (i32.ne (i32.load offset=16 align=1 (local.get $at)) (i32.const 0x64657355)) (then (return (i32.const 0))))
    (if (i32.ne (i32.load16_u offset=20 align=1 (local.get $at)) (i32.const 0x203a)) (then (return (i32.const 0))))
    (local.set $used (call $number (i32.add (local.get $at) (i32.const 22))))
    (local.set $at (global.get $numberEnd))
    (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))
    ;; ` MB` and the line's end.
    (if (i32.ne (i32.and (i32.load align=1 (local.get $at)) (i32.const 0xffffff)) (i32.const 0x424d20)) (then (return (i32.const 0))))
    (if (i32.ne (i32.add (local.get $at) (i32.const 3)) (local.get $end)) (then (return (i32.const 0))))
    (local.set $at (i32.load offset=32 (global.get $frame)))
    (if (i32.and (i32.eq (i32.load offset=28 (global.get $frame)) (i32.const 1)) (i32.ne (local.get $at) (i32.const -1)))
      (then
        (local.set $record (call $record (local.get $at)))
        ;; published 1<<21: that it changes now must be remembered.
        (if (i32.and (i32.load (local.get $record)) (i32.const 0x200000)) (then (return (i32.const 0))))))
    (i32.store offset=28 (global.get $frame) (i32.const 0))
    (i32.store offset=32 (global.get $frame) (i32.const -1))
    ;; hasSummary 1<<12.
    (if (local.get $record)
      (then
        (if (i32.eqz (i32.and (i32.load (local.get $record)) (i32.const 0x1000)))
          (then
            (i32.store (local.get $record) (i32.or (i32.load (local.get $record)) (i32.const 0x1000)))
            (f64.store offset=208 (local.get $record) (local.get $duration))
            (f64.store offset=216 (local.get $record) (local.get $billed))
            (f64.store offset=224 (local.get $record) (local.get $memory))
            (f64.store offset=232 (local.get $record) (local.get $used))
            (call $count (i32.const 108))
            (return (i32.const 1))))))
    (call $count (i32.const 112))
    (i32.const 1))

  ;; 1 when the line at [$start, $end) was taken; $marked: an `FC` or `cepa` stands in it, at $mark.
  (func $takeLine (param $start i32) (param $end i32) (param $marked i32) (param $mark i32) (result i32)
    (local $side i32) (local $first i32)
    (if (local.get $marked)
      (then
        (if (i32.ne (local.get $mark) (local.get $start)) (then (return (i32.const 0))))
        (local.set $side (call $markerSide (local.get $start) (local.get $end)))
        (if (i32.eq (local.get $side) (i32.const 1))
          (then (return (call $takeStart (i32.add (local.get $start) (i32.const 27)) (local.get $end)))))
        (if (i32.eq (local.get $side) (i32.const 2))
          (then (return (call $takeEnd (i32.add (local.get $start) (i32.const 25)) (local.get $end)))))
        (return (i32.const 0))))
    (if (i32.eq (local.get $start) (local.get $end))
      (then
        (call $count (i32.const 116))
        (return (i32.const 1))))
    (local.set $first (i32.load8_u (local.get $start)))
    (if (i32.eq (local.get $first) (i32.const 0x44)) (then (return (call $takeSummary (local.get $start) (local.get $end)))))
    (if (i32.gt_u (i32.sub (local.get $first) (i32.const 48)) (i32.const 9)) (then (return (i32.const 0))))
    (call $takeAppLine (local.get $start) (local.get $end)))

  ;; Takes lines of the frame's chunk from index $line on, the first beginning at $start and $pair being the first pair not
  ;; before it. Returns the index of the first line not taken; the frame has its start and pair, the stream's state, and counts.
  (func (export "take") (param $at i32) (param $line i32) (param $start i32) (param $pair i32) (result i32)
    (local $end i32) (local $mark i32) (local $lineCount i32) (local $pairCount i32) (local $lineEnds i32) (local $pairs i32)
    (global.set $frame (local.get $at))
    (global.set $table (i32.load offset=120 (local.get $at)))
    (global.set $entries (i32.load offset=124 (local.get $at)))
    (local.set $lineEnds (i32.load offset=132 (local.get $at)))
    (local.set $pairs (i32.load offset=136 (local.get $at)))
    (local.set $lineCount (i32.load offset=140 (local.get $at)))
    (local.set $pairCount (i32.load offset=144 (local.get $at)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $line) (local.get $lineCount)))
        (br_if $done (i32.gt_s (i32.load offset=60 (local.get $at)) (i32.load offset=84 (local.get $at))))
        (br_if $done (i32.ge_s (i32.load offset=64 (local.get $at)) (i32.load offset=88 (local.get $at))))
        (local.set $end (i32.load (i32.add (local.get $lineEnds) (i32.shl (local.get $line) (i32.const 2)))))
        (local.set $mark (i32.const -1))
        (block $found
          (loop $skip
            (br_if $found (i32.ge_u (local.get $pair) (local.get $pairCount)))
            (local.set $mark (i32.load (i32.add (local.get $pairs) (i32.shl (local.get $pair) (i32.const 2)))))
            (br_if $found (i32.ge_u (local.get $mark) (local.get $start)))
            (local.set $mark (i32.const -1))
            (local.set $pair (i32.add (local.get $pair) (i32.const 1)))
            (br $skip)))
        (br_if $done
          (i32.eqz
            (call $takeLine
              (local.get $start) (local.get $end)
              (i32.lt_u (local.get $mark) (local.get $end))
              (local.get $mark))))
        (local.set $start (i32.add (local.get $end) (i32.const 1)))
        (local.set $line (i32.add (local.get $line) (i32.const 1)))
        (br $next)))
    (i32.store (local.get $at) (local.get $start))
    (i32.store offset=4 (local.get $at) (local.get $pair))
    (local.get $line))

  ;; True when the first byte behind the level that is no blank is an F.
  (func $mayBeRuntimeStart (param $at i32) (param $end i32) (result i32)
    (block $done
      (loop $blank
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x20))
          (then
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br $blank)))
        (return (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x46)))))
    (i32.const 0)))
