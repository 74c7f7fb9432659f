;; Writes the logs of an ordinary LogGroup as rows of JSON, 16 bytes a step. It answers 0 for what is damaged, unknown or larger
;; than the room that it has, after having written anything there: encode-rows.ts goes through such a group by itself, with the
;; same rows or an error.
;; Field numbers, and the rows' form: encode-rows.ts.
(module
  (memory (import "rows" "memory") 1)
  ;; Of the last length that was read: the position behind it.
  (global $next (mut i32) (i32.const 0))

  ;; Reads the length at $at; returns the end of the bytes that follow, with $next at their beginning, or 0 when they are not
  ;; within $end. Lengths of more than four bytes are left alone.
  (func $range (param $at i32) (param $end i32) (result i32)
    (local $byte i32) (local $length i32) (local $shift i32)
    (loop $more
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const 0))))
      (local.set $byte (i32.load8_u (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $length
        (i32.or (local.get $length) (i32.shl (i32.and (local.get $byte) (i32.const 0x7f)) (local.get $shift))))
      (if (i32.ge_u (local.get $byte) (i32.const 0x80))
        (then
          (local.set $shift (i32.add (local.get $shift) (i32.const 7)))
          (br_if $more (i32.lt_u (local.get $shift) (i32.const 28)))
          (return (i32.const 0)))))
    (if (i32.gt_u (local.get $length) (i32.sub (local.get $end) (local.get $at))) (then (return (i32.const 0))))
    (global.set $next (local.get $at))
    (i32.add (local.get $at) (local.get $length)))

  ;; Copies [$at, $end) to $out, up to 15 bytes too many, which what follows overwrites.
  (func $copy (param $at i32) (param $end i32) (param $out i32) (result i32)
    (local $length i32)
    (local.set $length (i32.sub (local.get $end) (local.get $at)))
    (block $done
      (loop $more
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (v128.store (local.get $out) (v128.load (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (br $more)))
    ;; $at and $out went the same way.
    (i32.sub (local.get $out) (i32.sub (local.get $at) (local.get $end))))

  (func $hex (param $digit i32) (result i32)
    (i32.add
      (local.get $digit)
      (select (i32.const 0x57) (i32.const 0x30) (i32.gt_u (local.get $digit) (i32.const 9)))))

  ;; Writes what stands for a byte that has to be escaped: \ and a letter, or \u00XX.
  (func $escape (param $byte i32) (param $out i32) (result i32)
    (local $letter i32)
    (i32.store8 (local.get $out) (i32.const 0x5c))
    (local.set $letter (i32.const 0))
    (if (i32.ge_u (local.get $byte) (i32.const 0x20))
      (then (local.set $letter (local.get $byte)))
      (else
        ;; b, t, n, f, r for 8, 9, 10, 12, 13: a byte of a word each.
        (if (i32.eq (i32.and (local.get $byte) (i32.const 0x18)) (i32.const 8))
          (then
            (local.set $letter
              (i32.and
                (i32.wrap_i64
                  (i64.shr_u
                    (i64.const 0x00007266006e7462)
                    (i64.extend_i32_u (i32.shl (i32.and (local.get $byte) (i32.const 7)) (i32.const 3)))))
                (i32.const 0xff)))))))
    (if (local.get $letter)
      (then
        (i32.store8 offset=1 (local.get $out) (local.get $letter))
        (return (i32.add (local.get $out) (i32.const 2)))))
    (i32.store offset=1 (local.get $out) (i32.const 0x30303075))
    (i32.store8 offset=4 (local.get $out) (call $hex (i32.shr_u (local.get $byte) (i32.const 4))))
    (i32.store8 offset=5 (local.get $out) (call $hex (i32.and (local.get $byte) (i32.const 15))))
    (i32.add (local.get $out) (i32.const 6)))

  ;; Writes [$at, $end) as the inside of a JSON string; reads and writes up to 15 bytes too many.
  (func $text (param $at i32) (param $end i32) (param $out i32) (result i32)
    (local $block v128) (local $bits i32) (local $rest i32)
    (loop $more
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (local.get $out))))
      (local.set $rest (i32.sub (local.get $end) (local.get $at)))
      (local.set $block (v128.load (local.get $at)))
      (v128.store (local.get $out) (local.get $block))
      (local.set $bits
        (i8x16.bitmask
          (v128.or
            (v128.or
              (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x22)))
              (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x5c))))
            (i8x16.lt_u (local.get $block) (i8x16.splat (i32.const 0x20))))))
      (if (i32.lt_u (local.get $rest) (i32.const 16))
        (then
          (local.set $bits
            (i32.and
              (local.get $bits)
              (i32.sub (i32.shl (i32.const 1) (local.get $rest)) (i32.const 1))))
          (if (i32.eqz (local.get $bits)) (then (return (i32.add (local.get $out) (local.get $rest)))))))
      (if (local.get $bits)
        (then
          (local.set $bits (i32.ctz (local.get $bits)))
          (local.set $at (i32.add (local.get $at) (local.get $bits)))
          (local.set $out
            (call $escape (i32.load8_u (local.get $at)) (i32.add (local.get $out) (local.get $bits))))
          (local.set $at (i32.add (local.get $at) (i32.const 1))))
        (else
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (local.set $out (i32.add (local.get $out) (i32.const 16)))))
      (br $more))
    (unreachable))

  ;; Writes a number in decimal.
  (func $decimal (param $value i32) (param $out i32) (result i32)
    (local $digits i32) (local $power i64) (local $at i32) (local $tenth i32)
    (local.set $digits (i32.const 1))
    (local.set $power (i64.const 10))
    (block $counted
      (loop $more
        (br_if $counted (i64.lt_u (i64.extend_i32_u (local.get $value)) (local.get $power)))
        (local.set $digits (i32.add (local.get $digits) (i32.const 1)))
        (local.set $power (i64.mul (local.get $power) (i64.const 10)))
        (br $more)))
    (local.set $at (i32.add (local.get $out) (local.get $digits)))
    (local.set $digits (local.get $at))
    (loop $write
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (local.set $tenth (i32.div_u (local.get $value) (i32.const 10)))
      (i32.store8
        (local.get $at)
        (i32.add
          (i32.const 0x30)
          (i32.sub (local.get $value) (i32.mul (local.get $tenth) (i32.const 10)))))
      (local.set $value (local.get $tenth))
      (br_if $write (i32.gt_u (local.get $at) (local.get $out))))
    (local.get $digits))

  ;; Writes the beginning of the row of the log [$at, $end): its times, and what the group shares. Time_ns comes behind the
  ;; fields, so the log is looked through first. 0 when the log is none of the ordinary ones.
  (func $head (param $at i32) (param $end i32) (param $shared i32) (param $sharedEnd i32) (param $out i32) (result i32)
    (local $tag i32) (local $time i32) (local $ns i32) (local $hasNs i32) (local $shift i32) (local $byte i32)
    (block $done
      (loop $field
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $tag (i32.load8_u (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (if (i32.eq (local.get $tag) (i32.const 0x12))
          (then
            (local.set $at (call $range (local.get $at) (local.get $end)))
            (br_if $field (local.get $at))
            (return (i32.const 0))))
        (if (i32.eq (local.get $tag) (i32.const 0x25))
          (then
            (if (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 4)) (then (return (i32.const 0))))
            (local.set $ns (i32.load (local.get $at)))
            (local.set $hasNs (i32.const 1))
            (local.set $at (i32.add (local.get $at) (i32.const 4)))
            (br $field)))
        (if (i32.ne (local.get $tag) (i32.const 0x08)) (then (return (i32.const 0))))
        (local.set $time (i32.const 0))
        (local.set $shift (i32.const 0))
        (loop $more
          (if (i32.or
                (i32.ge_u (local.get $at) (local.get $end))
                (i32.gt_u (local.get $shift) (i32.const 28)))
            (then (return (i32.const 0))))
          (local.set $byte (i32.load8_u (local.get $at)))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (local.set $time
            (i32.or (local.get $time) (i32.shl (i32.and (local.get $byte) (i32.const 0x7f)) (local.get $shift))))
          (local.set $shift (i32.add (local.get $shift) (i32.const 7)))
          (br_if $more (i32.ge_u (local.get $byte) (i32.const 0x80))))
        (br $field)))
    ;; {"__time__":
    (i64.store (local.get $out) (i64.const 0x656d69745f5f227b))
    (i32.store offset=8 (local.get $out) (i32.const 0x3a225f5f))
    (local.set $out (call $decimal (local.get $time) (i32.add (local.get $out) (i32.const 12))))
    (if (local.get $hasNs)
      (then
        ;; ,"__time_ns_part__":
        (i64.store (local.get $out) (i64.const 0x656d69745f5f222c))
        (i64.store offset=8 (local.get $out) (i64.const 0x747261705f736e5f))
        (i32.store offset=16 (local.get $out) (i32.const 0x3a225f5f))
        (local.set $out (call $decimal (local.get $ns) (i32.add (local.get $out) (i32.const 20))))))
    (call $copy (local.get $shared) (local.get $sharedEnd) (local.get $out)))

  ;; Writes the field whose Content is [$at, $end): ,"KEY":"VALUE"
  (func $member (param $at i32) (param $end i32) (param $out i32) (result i32)
    (local $tag i32) (local $keyAt i32) (local $keyEnd i32) (local $valueAt i32) (local $valueEnd i32) (local $to i32)
    (block $done
      (loop $more
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $tag (i32.load8_u (local.get $at)))
        (local.set $to (call $range (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
        (if (i32.eqz (local.get $to)) (then (return (i32.const 0))))
        (if (i32.eq (local.get $tag) (i32.const 0x0a))
          (then
            (local.set $keyAt (global.get $next))
            (local.set $keyEnd (local.get $to)))
          (else
            (if (i32.ne (local.get $tag) (i32.const 0x12)) (then (return (i32.const 0))))
            (local.set $valueAt (global.get $next))
            (local.set $valueEnd (local.get $to))))
        (local.set $at (local.get $to))
        (br $more)))
    (i32.store16 (local.get $out) (i32.const 0x222c))
    (local.set $out (call $text (local.get $keyAt) (local.get $keyEnd) (i32.add (local.get $out) (i32.const 2))))
    (i32.store (local.get $out) (i32.const 0x00223a22))
    (local.set $out (call $text (local.get $valueAt) (local.get $valueEnd) (i32.add (local.get $out) (i32.const 3))))
    (i32.store8 (local.get $out) (i32.const 0x22))
    (i32.add (local.get $out) (i32.const 1)))

  ;; Writes the row of the log [$at, $end), which $head has looked through.
  (func $row (param $at i32) (param $end i32) (param $out i32) (result i32)
    (local $tag i32) (local $to i32)
    (block $done
      (loop $field
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $tag (i32.load8_u (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (if (i32.eq (local.get $tag) (i32.const 0x12))
          (then
            (local.set $to (call $range (local.get $at) (local.get $end)))
            (local.set $out (call $member (global.get $next) (local.get $to) (local.get $out)))
            (if (i32.eqz (local.get $out)) (then (return (i32.const 0))))
            (local.set $at (local.get $to))
            (br $field)))
        (if (i32.eq (local.get $tag) (i32.const 0x25))
          (then
            (local.set $at (i32.add (local.get $at) (i32.const 4)))
            (br $field)))
        (loop $time
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br_if $time (i32.ge_u (i32.load8_u offset=0 (i32.sub (local.get $at) (i32.const 1))) (i32.const 0x80))))
        (br $field)))
    (i32.store16 (local.get $out) (i32.const 0x0a7d))
    (i32.add (local.get $out) (i32.const 2)))

  ;; Writes the rows of the LogGroup [$at, $end) to $out, each with the text [$shared, $sharedEnd) behind its times. Returns the
  ;; position behind them, or 0. Reads up to 15 bytes behind what it is given, and writes nothing from $outEnd on.
  (func (export "write")
    (param $at i32) (param $end i32) (param $shared i32) (param $sharedEnd i32) (param $out i32) (param $outEnd i32)
    (result i32)
    (local $tag i32) (local $to i32)
    (block $done
      (loop $field
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $tag (i32.load8_u (local.get $at)))
        ;; Of the wire type that a length begins, with a number that has one byte.
        (if (i32.or
              (i32.ne (i32.and (local.get $tag) (i32.const 0x87)) (i32.const 2))
              (i32.lt_u (local.get $tag) (i32.const 8)))
          (then (return (i32.const 0))))
        (local.set $to (call $range (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
        (if (i32.eqz (local.get $to)) (then (return (i32.const 0))))
        (local.set $at (global.get $next))
        (if (i32.eq (local.get $tag) (i32.const 0x0a))
          (then
            ;; A byte of a log becomes six at most: those of a field with its tags and lengths among them.
            (if (i64.gt_u
                  (i64.add
                    (i64.extend_i32_u
                      (i32.add
                        (i32.add (local.get $out) (i32.const 96))
                        (i32.sub (local.get $sharedEnd) (local.get $shared))))
                    (i64.mul (i64.extend_i32_u (i32.sub (local.get $to) (local.get $at))) (i64.const 6)))
                  (i64.extend_i32_u (local.get $outEnd)))
              (then (return (i32.const 0))))
            (local.set $out
              (call $head
                (local.get $at) (local.get $to) (local.get $shared) (local.get $sharedEnd) (local.get $out)))
            (if (i32.eqz (local.get $out)) (then (return (i32.const 0))))
            (local.set $out (call $row (local.get $at) (local.get $to) (local.get $out)))
            (if (i32.eqz (local.get $out)) (then (return (i32.const 0))))))
        (local.set $at (local.get $to))
        (br $field)))
    (local.get $out)))
