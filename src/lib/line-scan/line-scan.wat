;; Finds line ends, possible markers and possible trace contexts, 16 bytes a step.
;; JavaScript needs one native call per line for the same (71 ms for 285 MB of 2 M lines, and 77 ms more for markers);
;; this needs 40 ms for both, on the machine of docs/performance.md.
(module
  (memory (import "scan" "memory") 1)
  ;; How many pairs "FC", and fours "cepa" as in "traceparent", the last scan wrote.
  (global $pairs (export "pairs") (mut i32) (i32.const 0))

  ;; Looks at bytes [from, to) and writes, as u32 positions in order,
  ;;   every \n to $lines, every F that a C follows and every c that e, p, a follow to $pairsOut.
  ;; Returns the number of \n. Reads up to 18 bytes past $to: the caller keeps zeros there.
  (func (export "scan") (param $from i32) (param $to i32) (param $lines i32) (param $pairsOut i32) (result i32)
    (local $at i32) (local $block v128) (local $second v128) (local $bits i32) (local $line i32) (local $pair i32)
    (local.set $at (local.get $from))
    (local.set $line (local.get $lines))
    (local.set $pair (local.get $pairsOut))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $to)))
        (local.set $block (v128.load (local.get $at)))
        (local.set $bits (i8x16.bitmask (i8x16.eq (local.get $block) (i8x16.splat (i32.const 10)))))
        (block $noLine
          (loop $moreLines
            (br_if $noLine (i32.eqz (local.get $bits)))
            (i32.store (local.get $line) (i32.add (local.get $at) (i32.ctz (local.get $bits))))
            (local.set $line (i32.add (local.get $line) (i32.const 4)))
            (local.set $bits (i32.and (local.get $bits) (i32.sub (local.get $bits) (i32.const 1))))
            (br $moreLines)))
        (local.set $second (v128.load offset=1 (local.get $at)))
        (local.set $bits
          (i8x16.bitmask
            (v128.or
              (v128.and
                (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x46)))
                (i8x16.eq (local.get $second) (i8x16.splat (i32.const 0x43))))
              (v128.and
                (v128.and
                  (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x63)))
                  (i8x16.eq (local.get $second) (i8x16.splat (i32.const 0x65))))
                (v128.and
                  (i8x16.eq (v128.load offset=2 (local.get $at)) (i8x16.splat (i32.const 0x70)))
                  (i8x16.eq (v128.load offset=3 (local.get $at)) (i8x16.splat (i32.const 0x61))))))))
        (block $noPair
          (loop $morePairs
            (br_if $noPair (i32.eqz (local.get $bits)))
            (i32.store (local.get $pair) (i32.add (local.get $at) (i32.ctz (local.get $bits))))
            (local.set $pair (i32.add (local.get $pair) (i32.const 4)))
            (local.set $bits (i32.and (local.get $bits) (i32.sub (local.get $bits) (i32.const 1))))
            (br $morePairs)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (global.set $pairs (i32.shr_u (i32.sub (local.get $pair) (local.get $pairsOut)) (i32.const 2)))
    (i32.shr_u (i32.sub (local.get $line) (local.get $lines)) (i32.const 2))))
