;; Decompresses the sequences of an LZ4 block, 16 bytes a step; their form: lz4-block.ts. It answers 0 for a block that is damaged:
;; lz4-block.ts goes through that one by itself, and says what is wrong.
(module
  (memory (import "lz4" "memory") 1)
  ;; Behind the last length that $more read.
  (global $next (mut i32) (i32.const 0))

  ;; Adds bytes from $at on to $sum, up to one below 255; 0 in $next when there is none. The input is too short for a sum that
  ;; overflows.
  (func $more (param $at i32) (param $end i32) (param $sum i32) (result i32)
    (local $byte i32)
    (loop $byte
      (if (i32.ge_u (local.get $at) (local.get $end))
        (then
          (global.set $next (i32.const 0))
          (return (i32.const 0))))
      (local.set $byte (i32.load8_u (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $sum (i32.add (local.get $sum) (local.get $byte)))
      (br_if $byte (i32.eq (local.get $byte) (i32.const 255))))
    (global.set $next (local.get $at))
    (local.get $sum))

  ;; Copies $length bytes, whole steps of 16: what is written too much is overwritten by what follows. The areas overlap by so much
  ;; that no step reads what it writes itself, or not at all.
  (func $copy (param $from i32) (param $to i32) (param $length i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $to) (local.get $length)))
    (loop $step
      (v128.store (local.get $to) (v128.load (local.get $from)))
      (local.set $from (i32.add (local.get $from) (i32.const 16)))
      (local.set $to (i32.add (local.get $to) (i32.const 16)))
      (br_if $step (i32.lt_u (local.get $to) (local.get $end)))))

  ;; The same for a match that begins less than 16 bytes before its end.
  (func $repeat (param $from i32) (param $to i32) (param $length i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $to) (local.get $length)))
    (loop $byte
      (i32.store8 (local.get $to) (i32.load8_u (local.get $from)))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (local.set $to (i32.add (local.get $to) (i32.const 1)))
      (br_if $byte (i32.lt_u (local.get $to) (local.get $end)))))

  ;; 1 when the block [$at, $end) fills [$out, $outEnd) exactly; else 0. Reads up to 15 bytes behind the block, and writes as many behind
  ;; the output.
  (func (export "decompress") (param $at i32) (param $end i32) (param $out i32) (param $outEnd i32) (result i32)
    (local $start i32) (local $token i32) (local $length i32) (local $offset i32)
    (local.set $start (local.get $out))
    (block $done
      (loop $sequence
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $token (i32.load8_u (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $length (i32.shr_u (local.get $token) (i32.const 4)))
        (if (i32.eq (local.get $length) (i32.const 15))
          (then
            (local.set $length (call $more (local.get $at) (local.get $end) (i32.const 15)))
            (local.set $at (global.get $next))
            (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))))
        (if (local.get $length)
          (then
            (if (i32.or
                  (i32.gt_u (local.get $length) (i32.sub (local.get $end) (local.get $at)))
                  (i32.gt_u (local.get $length) (i32.sub (local.get $outEnd) (local.get $out))))
              (then (return (i32.const 0))))
            (call $copy (local.get $at) (local.get $out) (local.get $length))
            (local.set $at (i32.add (local.get $at) (local.get $length)))
            (local.set $out (i32.add (local.get $out) (local.get $length)))))
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (if (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 2)) (then (return (i32.const 0))))
        (local.set $offset (i32.load16_u (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (local.set $length (i32.and (local.get $token) (i32.const 15)))
        (if (i32.eq (local.get $length) (i32.const 15))
          (then
            (local.set $length (call $more (local.get $at) (local.get $end) (i32.const 15)))
            (local.set $at (global.get $next))
            (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))))
        (local.set $length (i32.add (local.get $length) (i32.const 4)))
        (if (i32.or
              (i32.or
                (i32.eqz (local.get $offset))
                (i32.gt_u (local.get $offset) (i32.sub (local.get $out) (local.get $start))))
              (i32.gt_u (local.get $length) (i32.sub (local.get $outEnd) (local.get $out))))
          (then (return (i32.const 0))))
        (if (i32.ge_u (local.get $offset) (i32.const 16))
          (then (call $copy (i32.sub (local.get $out) (local.get $offset)) (local.get $out) (local.get $length)))
          (else (call $repeat (i32.sub (local.get $out) (local.get $offset)) (local.get $out) (local.get $length))))
        (local.set $out (i32.add (local.get $out) (local.get $length)))
        (br $sequence)))
    (i32.eq (local.get $out) (local.get $outEnd))))
