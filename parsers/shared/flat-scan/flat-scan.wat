;; Scans one flat JSON object, 16 bytes a step, and tells whether its identity members are bytes that came before.
;; Answers for ordinary objects only: whatever is nested, broken, or has an escape in a name gets 0 and is scanned by
;; flat-object.ts. Layout of the area at $base: flat-scan.ts.
;; Fields are numbered from 1 here; number 0 is every unknown name, and its cells are written but never read.
(module
  (memory (import "scan" "memory") 1)

  ;; First position from $at on that holds a quote, a backslash or a control character; not below $end when there is none.
  (func $plain (param $at i32) (param $end i32) (result i32)
    (local $block v128) (local $bits i32)
    (loop $next
      (local.set $block (v128.load (local.get $at)))
      (local.set $bits
        (i8x16.bitmask
          (v128.or
            (v128.or
              (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x22)))
              (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x5c))))
            (i8x16.lt_u (local.get $block) (i8x16.splat (i32.const 0x20))))))
      (if (local.get $bits) (then (return (i32.add (local.get $at) (i32.ctz (local.get $bits))))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (local.get $at))

  ;; First position from $at on that is not JSON blank, or $end.
  (func $skip (param $at i32) (param $end i32) (result i32)
    (local $byte i32)
    (loop $next
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (local.get $at))))
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.or
            (i32.or (i32.eq (local.get $byte) (i32.const 0x20)) (i32.eq (local.get $byte) (i32.const 0x09)))
            (i32.or (i32.eq (local.get $byte) (i32.const 0x0d)) (i32.eq (local.get $byte) (i32.const 0x0a))))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next))))
    (local.get $at))

  (func $isHex (param $byte i32) (result i32)
    (i32.or
      (i32.lt_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 10))
      (i32.lt_u (i32.sub (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x61)) (i32.const 6))))

  ;; The closing quote of a string whose first escape is at $at, or 0.
  (func $closing (param $at i32) (param $end i32) (result i32)
    (local $byte i32)
    (loop $next
      (local.set $byte (i32.load8_u offset=1 (local.get $at)))
      (if (i32.eq (local.get $byte) (i32.const 0x75))
        (then
          (if (i32.eqz
                (i32.and
                  (i32.and
                    (call $isHex (i32.load8_u offset=2 (local.get $at)))
                    (call $isHex (i32.load8_u offset=3 (local.get $at))))
                  (i32.and
                    (call $isHex (i32.load8_u offset=4 (local.get $at)))
                    (call $isHex (i32.load8_u offset=5 (local.get $at))))))
            (then (return (i32.const 0))))
          (local.set $at (i32.add (local.get $at) (i32.const 6))))
        (else
          ;; One bit for each of \ b f n r t, counted from 0x40.
          (if (i32.eqz
                (i32.or
                  (i32.or (i32.eq (local.get $byte) (i32.const 0x22)) (i32.eq (local.get $byte) (i32.const 0x2f)))
                  (i32.and
                    (i32.lt_u (i32.sub (local.get $byte) (i32.const 0x40)) (i32.const 0x40))
                    (i32.wrap_i64
                      (i64.and
                        (i64.shr_u
                          (i64.const 0x0014404410000000)
                          (i64.extend_i32_u (i32.sub (local.get $byte) (i32.const 0x40))))
                        (i64.const 1))))))
            (then (return (i32.const 0))))
          (local.set $at (i32.add (local.get $at) (i32.const 2)))))
      (local.set $at (call $plain (local.get $at) (local.get $end)))
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const 0))))
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.eq (local.get $byte) (i32.const 0x22)) (then (return (local.get $at))))
      (br_if $next (i32.eq (local.get $byte) (i32.const 0x5c))))
    (i32.const 0))

  ;; Position behind the digits from $at on.
  (func $digits (param $at i32) (result i32)
    (loop $next
      (if (i32.lt_u (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)) (i32.const 10))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next))))
    (local.get $at))

  ;; Position behind the number at $at, or 0. The line end, or the zeros behind the window, ends every run of digits.
  (func $number (param $at i32) (result i32)
    (local $from i32)
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2d))
      (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
    (local.set $from (local.get $at))
    (local.set $at (call $digits (local.get $at)))
    (if (i32.eq (local.get $at) (local.get $from)) (then (return (i32.const 0))))
    ;; A zero in front of other digits is no number.
    (if (i32.and
          (i32.eq (i32.load8_u (local.get $from)) (i32.const 0x30))
          (i32.ne (local.get $at) (i32.add (local.get $from) (i32.const 1))))
      (then (return (i32.const 0))))
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2e))
      (then
        (local.set $from (i32.add (local.get $at) (i32.const 1)))
        (local.set $at (call $digits (local.get $from)))
        (if (i32.eq (local.get $at) (local.get $from)) (then (return (i32.const 0))))))
    ;; Exponents are rare.
    (if (i32.eq (i32.or (i32.load8_u (local.get $at)) (i32.const 0x20)) (i32.const 0x65))
      (then (return (i32.const 0))))
    (local.get $at))

  ;; The number of the field whose name is [$at, $end), or 0: row-field.ts has the same hash.
  (func $fieldAt (param $base i32) (param $at i32) (param $end i32) (result i32)
    (local $length i32) (local $slot i32) (local $field i32)
    (local.set $length (i32.sub (local.get $end) (local.get $at)))
    (if (i32.eqz (local.get $length)) (then (return (i32.const 0))))
    (local.set $slot
      (i32.add
        (i32.add
          (i32.mul (local.get $length) (i32.const 31))
          (i32.mul (i32.load8_u (local.get $at)) (i32.const 7)))
        (i32.add
          (i32.mul (i32.load8_u (i32.sub (local.get $end) (i32.const 1))) (i32.const 3))
          (i32.mul
            (i32.load8_u (i32.add (local.get $at) (i32.shr_u (local.get $length) (i32.const 1))))
            (i32.const 57)))))
    (loop $next
      (local.set $slot (i32.and (local.get $slot) (i32.const 511)))
      (local.set $field (i32.load8_u offset=768 (i32.add (local.get $base) (local.get $slot))))
      (if (i32.eqz (local.get $field)) (then (return (i32.const 0))))
      (if (i32.eqz (call $differs (local.get $base) (local.get $at) (local.get $field)))
        (then
          ;; The name's own end is compared, so that the lengths are the same.
          (return (local.get $field))))
      (local.set $slot (i32.add (local.get $slot) (i32.const 1)))
      (br $next))
    (unreachable))

  ;; Not 0 when the bytes at $at are not $field's name and a quote.
  (func $differs (param $base i32) (param $at i32) (param $field i32) (result i32)
    (local $name i32)
    (local.set $name (i32.add (local.get $base) (i32.shl (local.get $field) (i32.const 7))))
    (v128.any_true
      (v128.or
        (v128.or
          (v128.and
            (v128.xor (v128.load (local.get $at)) (v128.load offset=2048 (local.get $name)))
            (v128.load offset=2112 (local.get $name)))
          (v128.and
            (v128.xor (v128.load offset=16 (local.get $at)) (v128.load offset=2064 (local.get $name)))
            (v128.load offset=2128 (local.get $name))))
        (v128.and
          (v128.xor (v128.load offset=32 (local.get $at)) (v128.load offset=2080 (local.get $name)))
          (v128.load offset=2144 (local.get $name))))))

  ;; 2 + the number of the place where the bytes [$from, $to) are kept; negative when they were put there just now,
  ;; 1 when they are too long to be kept.
  (func $place (param $base i32) (param $from i32) (param $to i32) (result i32)
    (local $length i32) (local $at i32) (local $last i32) (local $one i64) (local $two i64)
    (local $number i32) (local $delta i32)
    (local.set $length (i32.sub (local.get $to) (local.get $from)))
    (if (i32.gt_u (i32.sub (local.get $length) (i32.const 16)) (i32.const 224)) (then (return (i32.const 1))))
    (local.set $at (local.get $from))
    ;; The last 16 bytes are taken whole: they overlap those before.
    (local.set $last (i32.sub (local.get $to) (i32.const 16)))
    (local.set $one (i64.extend_i32_u (local.get $length)))
    (loop $next
      (local.set $one
        (i64.mul (i64.xor (local.get $one) (i64.load (local.get $at))) (i64.const 0x9e3779b97f4a7c15)))
      (local.set $two
        (i64.mul (i64.xor (local.get $two) (i64.load offset=8 (local.get $at))) (i64.const 0xc2b2ae3d27d4eb4f)))
      (local.set $one (i64.xor (local.get $one) (i64.shr_u (local.get $one) (i64.const 32))))
      (local.set $two (i64.xor (local.get $two) (i64.shr_u (local.get $two) (i64.const 32))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $last))))
    (local.set $one
      (i64.mul
        (i64.xor
          (i64.add (local.get $one) (i64.load (local.get $last)))
          (i64.rotl (i64.add (local.get $two) (i64.load offset=8 (local.get $last))) (i64.const 29)))
        (i64.const 0x9e3779b97f4a7c15)))
    (local.set $number (i32.wrap_i64 (i64.shr_u (local.get $one) (i64.const 52))))
    ;; An entry is 256 bytes: the length, then at 16 the bytes.
    (local.set $delta (i32.add (i32.add (local.get $base) (i32.const 10240)) (i32.shl (local.get $number) (i32.const 8))))
    (block $other
      (br_if $other (i32.ne (i32.load (local.get $delta)) (local.get $length)))
      (local.set $delta (i32.sub (local.get $delta) (local.get $from)))
      (local.set $at (local.get $from))
      (loop $next
        (br_if $other
          (v128.any_true
            (v128.xor
              (v128.load (local.get $at))
              (v128.load offset=16 (i32.add (local.get $at) (local.get $delta))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $next (i32.lt_u (local.get $at) (local.get $last))))
      (br_if $other
        (v128.any_true
          (v128.xor
            (v128.load (local.get $last))
            (v128.load offset=16 (i32.add (local.get $last) (local.get $delta))))))
      (return (i32.add (local.get $number) (i32.const 2))))
    (local.set $delta (i32.add (i32.add (local.get $base) (i32.const 10240)) (i32.shl (local.get $number) (i32.const 8))))
    (i32.store (local.get $delta) (local.get $length))
    (memory.copy (i32.add (local.get $delta) (i32.const 16)) (local.get $from) (local.get $length))
    (i32.sub (i32.const -2) (local.get $number)))

  ;; Scans [$at, $end). 0: not for this kernel; otherwise an object, and the answer of $place for its identity members,
  ;; or 1 when it has none.
  (func (export "scan") (param $at i32) (param $end i32) (param $base i32) (result i32)
    (local $key i32) (local $field i32) (local $before i32) (local $byte i32)
    (local $start i32) (local $stop i32) (local $type i32) (local $low i32) (local $high i32) (local $cell i32)
    (local $block v128) (local $quote v128) (local $backslash v128) (local $blank v128)
    (local.set $quote (i8x16.splat (i32.const 0x22)))
    (local.set $backslash (i8x16.splat (i32.const 0x5c)))
    (local.set $blank (i8x16.splat (i32.const 0x20)))
    (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x7b)) (then (return (i32.const 0))))
    (v128.store (local.get $base) (v128.const i64x2 0 0))
    (v128.store offset=16 (local.get $base) (v128.const i64x2 0 0))
    (v128.store offset=32 (local.get $base) (v128.const i64x2 0 0))
    (v128.store offset=48 (local.get $base) (v128.const i64x2 0 0))
    (i32.store offset=64 (local.get $base) (i32.const 0))
    (local.set $at (call $skip (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
    (loop $member
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x22)) (then (return (i32.const 0))))
      (local.set $key (i32.add (local.get $at) (i32.const 1)))
      (local.set $field (i32.load8_u offset=128 (i32.add (local.get $base) (local.get $before))))
      (block $named
        (block $look
          (br_if $look (i32.eqz (local.get $field)))
          ;; $differs for names of less than 32 bytes, without the call.
          (local.set $cell (i32.add (local.get $base) (i32.shl (local.get $field) (i32.const 7))))
          (br_if $look
            (v128.any_true
              (v128.or
                (v128.and
                  (v128.xor (v128.load (local.get $key)) (v128.load offset=2048 (local.get $cell)))
                  (v128.load offset=2112 (local.get $cell)))
                (v128.and
                  (v128.xor (v128.load offset=16 (local.get $key)) (v128.load offset=2064 (local.get $cell)))
                  (v128.load offset=2128 (local.get $cell))))))
          (local.set $type (i32.load8_u offset=1280 (i32.add (local.get $base) (local.get $field))))
          (local.set $stop (i32.add (local.get $key) (local.get $type)))
          (br_if $named (i32.lt_u (local.get $type) (i32.const 32)))
          (br_if $named
            (i32.eqz (call $differs (local.get $base) (local.get $key) (local.get $field)))))
        (local.set $stop (call $plain (local.get $key) (local.get $end)))
        (if (i32.ge_u (local.get $stop) (local.get $end)) (then (return (i32.const 0))))
        (if (i32.ne (i32.load8_u (local.get $stop)) (i32.const 0x22)) (then (return (i32.const 0))))
        (local.set $field (call $fieldAt (local.get $base) (local.get $key) (local.get $stop)))
        (i32.store8 offset=128 (i32.add (local.get $base) (local.get $before)) (local.get $field)))
      (local.set $before (local.get $field))
      (local.set $at (i32.add (local.get $stop) (i32.const 1)))
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x3a))
        (then
          (local.set $at (call $skip (local.get $at) (local.get $end)))
          (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x3a)) (then (return (i32.const 0))))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.le_u (local.get $byte) (i32.const 0x20))
        (then
          (local.set $at (call $skip (local.get $at) (local.get $end)))
          (local.set $byte (i32.load8_u (local.get $at)))))
      (if (i32.eq (local.get $byte) (i32.const 0x22))
        (then
          (local.set $start (i32.add (local.get $at) (i32.const 1)))
          ;; $plain, without the call for what is short.
          (local.set $block (v128.load (local.get $start)))
          (local.set $byte
            (i8x16.bitmask
              (v128.or
                (v128.or
                  (i8x16.eq (local.get $block) (local.get $quote))
                  (i8x16.eq (local.get $block) (local.get $backslash)))
                (i8x16.lt_u (local.get $block) (local.get $blank)))))
          (if (local.get $byte)
            (then (local.set $stop (i32.add (local.get $start) (i32.ctz (local.get $byte)))))
            (else
              (local.set $stop
                (call $plain (i32.add (local.get $start) (i32.const 16)) (local.get $end)))))
          (if (i32.ge_u (local.get $stop) (local.get $end)) (then (return (i32.const 0))))
          (local.set $type (i32.const 1))
          (local.set $byte (i32.load (local.get $start)))
          ;; "fc:": may be an event's name.
          (if (i32.eq (i32.and (local.get $byte) (i32.const 0xffffff)) (i32.const 0x3a6366))
            (then (i32.store offset=64 (local.get $base) (i32.const 1))))
          (local.set $byte (i32.load8_u (local.get $stop)))
          (if (i32.ne (local.get $byte) (i32.const 0x22))
            (then
              (if (i32.ne (local.get $byte) (i32.const 0x5c)) (then (return (i32.const 0))))
              ;; So may what begins with an escape.
              (if (i32.eq (local.get $stop) (local.get $start))
                (then (i32.store offset=64 (local.get $base) (i32.const 1))))
              ;; Only the message's place is ever asked for.
              (if (i32.eq (local.get $field) (i32.const 4))
                (then (i32.store offset=68 (local.get $base) (local.get $stop))))
              (local.set $stop (call $closing (local.get $stop) (local.get $end)))
              (if (i32.eqz (local.get $stop)) (then (return (i32.const 0))))
              (local.set $type (i32.const 2))))
          (local.set $at (i32.add (local.get $stop) (i32.const 1))))
        (else
          (local.set $start (local.get $at))
          (block $valued
            (local.set $byte (i32.load (local.get $at)))
            (if (i32.eq (local.get $byte) (i32.const 0x65757274))
              (then
                (local.set $type (i32.const 4))
                (local.set $at (i32.add (local.get $at) (i32.const 4)))
                (br $valued)))
            (if (i32.and
                  (i32.eq (local.get $byte) (i32.const 0x736c6166))
                  (i32.eq (i32.load8_u offset=4 (local.get $at)) (i32.const 0x65)))
              (then
                (local.set $type (i32.const 5))
                (local.set $at (i32.add (local.get $at) (i32.const 5)))
                (br $valued)))
            (if (i32.eq (local.get $byte) (i32.const 0x6c6c756e))
              (then
                (local.set $type (i32.const 6))
                (local.set $at (i32.add (local.get $at) (i32.const 4)))
                (br $valued)))
            (local.set $type (i32.const 3))
            (local.set $at (call $number (local.get $at)))
            (if (i32.eqz (local.get $at)) (then (return (i32.const 0)))))
          (local.set $stop (local.get $at))))
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const 0))))
      (i32.store8 (i32.add (local.get $base) (local.get $field)) (local.get $type))
      (local.set $cell (i32.add (local.get $base) (i32.shl (local.get $field) (i32.const 2))))
      (i32.store offset=256 (local.get $cell) (local.get $start))
      (i32.store offset=512 (local.get $cell) (local.get $stop))
      ;; The identity members: __topic__ (1) and functionName to instanceID (5 to 9).
      (if (i32.wrap_i64
            (i64.and
              (i64.shr_u (i64.const 0x3e2) (i64.extend_i32_u (local.get $field)))
              (i64.const 1)))
        (then
          (if (i32.eqz (local.get $low)) (then (local.set $low (local.get $key))))
          (local.set $high (local.get $at))))
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.ne (local.get $byte) (i32.const 0x2c))
        (then
          (local.set $at (call $skip (local.get $at) (local.get $end)))
          (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const 0))))
          (local.set $byte (i32.load8_u (local.get $at)))
          (if (i32.eq (local.get $byte) (i32.const 0x7d))
            (then
              (if (i32.ne
                    (call $skip (i32.add (local.get $at) (i32.const 1)) (local.get $end))
                    (local.get $end))
                (then (return (i32.const 0))))
              (if (i32.eqz (local.get $low)) (then (return (i32.const 1))))
              (return (call $place (local.get $base) (local.get $low) (local.get $high)))))
          (if (i32.ne (local.get $byte) (i32.const 0x2c)) (then (return (i32.const 0))))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x22))
        (then (local.set $at (call $skip (local.get $at) (local.get $end)))))
      (br $member))
    (unreachable))

  ;; Writes the text of the JSON string [$from, $end) to $to and returns its length; -1 when it has a \u. Writes up to
  ;; 16 bytes more.
  (func (export "unescape") (param $from i32) (param $end i32) (param $to i32) (param $base i32) (result i32)
    (local $block v128) (local $bits i32) (local $first i32) (local $byte i32)
    (local.set $first (local.get $to))
    (loop $next
      (local.set $block (v128.load (local.get $from)))
      (v128.store (local.get $to) (local.get $block))
      (local.set $bits (i8x16.bitmask (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x5c)))))
      (local.set $bits (select (i32.ctz (local.get $bits)) (i32.const 16) (local.get $bits)))
      (local.set $from (i32.add (local.get $from) (local.get $bits)))
      (local.set $to (i32.add (local.get $to) (local.get $bits)))
      (if (i32.ge_u (local.get $from) (local.get $end))
        (then
          (return
            (i32.sub
              (i32.sub (local.get $to) (local.get $first))
              (i32.sub (local.get $from) (local.get $end))))))
      (br_if $next (i32.eq (local.get $bits) (i32.const 16)))
      (local.set $byte (i32.load8_u offset=1 (local.get $from)))
      (if (i32.eq (local.get $byte) (i32.const 0x75)) (then (return (i32.const -1))))
      (i32.store8
        (local.get $to)
        (i32.load8_u offset=1344 (i32.add (local.get $base) (local.get $byte))))
      (local.set $from (i32.add (local.get $from) (i32.const 2)))
      (local.set $to (i32.add (local.get $to) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $from) (local.get $end))))
    (i32.sub (local.get $to) (local.get $first))))
