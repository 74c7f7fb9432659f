;; Takes ordinary application lines, `<time> <id> [LEVEL] message`, straight from the scanner's window to the counts of the
;; attempt whose id they carry, as long as that attempt is open on the stream and the only one of its id. Whatever is not
;; that simple stops the run, and the full parser and the rules of reconstruct take the line. Six of ten lines of usual
;; traffic are ordinary; here one costs about 20 ns, in JavaScript 130.
;;
;; It knows, and test/reconstruct/ordinary-lines.test.ts holds against the full way:
;;   the line:    time `yyyy-MM-dd` `T` or blank `HH:mm:ss`, then nothing, `Z`, `.mmm` or `.mmmZ`; a blank; an id of 36, 32 or
;;                35 bytes (facts/fc-log-formats, section 1); ` [`, a level of warn or below, `]`; no `F` behind it (a runtime's
;;                start may stand there); no `FC` anywhere (a marker may)
;;   the record:  words of src/reconstruct/attempt-table.ts, as byte offsets: state 0, idHash 4, idLength 8, stream 12, id 16,
;;                nextSame 56, lines 64, levels 72
;;   the state:   hasEnd 1<<5, closed 1<<6, metricsRow 1<<10, hasLine 1<<18
;;   the index:   hash of src/reconstruct/request-ids.ts, entries of src/reconstruct/id-index.ts
(module
  (memory (import "ordinary" "memory") 1)
  ;; Address of the open attempt's record, or 0: the id at [$id, $id + $length), $length being 32, 35 or 36.
  (func $find (param $id i32) (param $length i32) (param $entries i32) (param $mask i32) (param $seed i32) (param $table i32) (result i32)
    (local $hash i32) (local $at i32) (local $end i32) (local $slot i32) (local $record i32)
    (local.set $hash (i32.xor (local.get $seed) (local.get $length)))
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
    (local.set $at (i32.and (i32.xor (local.get $hash) (i32.shr_u (local.get $hash) (i32.const 16))) (local.get $mask)))
    (block $missing
      (loop $next
        (local.set $end (i32.add (local.get $entries) (i32.shl (local.get $at) (i32.const 3))))
        (local.set $slot (i32.load offset=4 (local.get $end)))
        (br_if $missing (i32.eqz (local.get $slot)))
        (if (i32.eq (i32.load (local.get $end)) (local.get $hash))
          (then
            (local.set $record
              (i32.add (local.get $table) (i32.shl (i32.sub (local.get $slot) (i32.const 1)) (i32.const 2))))
            (if (i32.eq (i32.load offset=8 (local.get $record)) (local.get $length))
              (then
                (if (call $sameId (local.get $record) (local.get $id) (local.get $length))
                  (then (return (local.get $record))))))))
        (local.set $at (i32.and (i32.add (local.get $at) (i32.const 1)) (local.get $mask)))
        (br $next)))
    (i32.const 0))

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

  ;; Takes lines from index $line on, the first beginning at $start; $pair is the first pair that may lie in it. Line ends and
  ;; pairs are the scanner's lists. At $result it leaves where the first line not taken begins, the first pair that is not before it,
  ;; and the address of the record of the last line taken (-1 for none). Returns the index of the first line not taken, or $lineCount.
  (func (export "take")
    (param $line i32) (param $lineCount i32) (param $start i32) (param $pair i32) (param $pairCount i32)
    (param $lineEnds i32) (param $pairs i32)
    (param $entries i32) (param $mask i32) (param $seed i32) (param $table i32) (param $stream i32) (param $result i32)
    (result i32)
    (local $end i32) (local $id i32) (local $length i32) (local $record i32) (local $state i32) (local $level i32) (local $last i32)
    (local.set $last (i32.const -1))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $line) (local.get $lineCount)))
        (local.set $end (i32.load (i32.add (local.get $lineEnds) (i32.shl (local.get $line) (i32.const 2)))))
        (block $noPair
          (loop $skip
            (br_if $noPair (i32.ge_u (local.get $pair) (local.get $pairCount)))
            (br_if $noPair
              (i32.ge_u (i32.load (i32.add (local.get $pairs) (i32.shl (local.get $pair) (i32.const 2)))) (local.get $start)))
            (local.set $pair (i32.add (local.get $pair) (i32.const 1)))
            (br $skip)))
        (if (i32.lt_u (local.get $pair) (local.get $pairCount))
          (then
            (br_if $done
              (i32.lt_u (i32.load (i32.add (local.get $pairs) (i32.shl (local.get $pair) (i32.const 2)))) (local.get $end)))))
        ;; The shortest: 19 of the time, a blank, 32 of the id, ` [info]`.
        (br_if $done (i32.lt_s (i32.sub (local.get $end) (local.get $start)) (i32.const 59)))
        (local.set $id (call $timeEnd (local.get $start)))
        (br_if $done (i32.eqz (local.get $id)))
        (local.set $id (i32.add (local.get $id) (i32.const 1)))
        (local.set $length (call $idLength (local.get $id)))
        (br_if $done (i32.eqz (local.get $length)))
        (local.set $level (call $level (i32.add (i32.add (local.get $id) (local.get $length)) (i32.const 2))))
        (br_if $done (i32.lt_s (local.get $level) (i32.const 0)))
        ;; What was read may lie behind the line's end.
        (br_if $done (i32.gt_u (global.get $levelEnd) (local.get $end)))
        (br_if $done (call $mayBeRuntimeStart (global.get $levelEnd) (local.get $end)))
        (local.set $record
          (call $find (local.get $id) (local.get $length) (local.get $entries) (local.get $mask) (local.get $seed) (local.get $table)))
        (br_if $done (i32.eqz (local.get $record)))
        (br_if $done (i32.ne (i32.load offset=56 (local.get $record)) (i32.const -1)))
        (br_if $done (i32.ne (i32.load offset=12 (local.get $record)) (local.get $stream)))
        (local.set $state (i32.load (local.get $record)))
        (br_if $done (i32.and (local.get $state) (i32.const 0x460)))
        (i32.store (local.get $record) (i32.or (local.get $state) (i32.const 0x40000)))
        (i32.store offset=64 (local.get $record) (i32.add (i32.load offset=64 (local.get $record)) (i32.const 1)))
        (local.set $level (i32.add (local.get $record) (i32.shl (local.get $level) (i32.const 2))))
        (i32.store offset=72 (local.get $level) (i32.add (i32.load offset=72 (local.get $level)) (i32.const 1)))
        (local.set $last (local.get $record))
        (local.set $start (i32.add (local.get $end) (i32.const 1)))
        (local.set $line (i32.add (local.get $line) (i32.const 1)))
        (br $next)))
    (i32.store (local.get $result) (local.get $start))
    (i32.store offset=4 (local.get $result) (local.get $pair))
    (i32.store offset=8 (local.get $result) (local.get $last))
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
