;; How a Huffman code is told to the reader: the weight of every symbol, four bits each or coded by an FSE table of their own (RFC 8878,
;; sections 4.2.1 and 4.1). `$x` is short for (local.get $x), and a number for (i32.const ...). Memory, beside that of huffmanKernels.wat:
;;   14208  per weight (0 where a symbol does not occur, else longest + 1 - length): how many symbols, 14272 its share of the
;;          table, 14336 the next place in it, 14400 and 14464 what leads from state to state
;;   14528  weight of each entry of the table, one byte; 14592 the states
;;   14848  weight of each symbol, one byte
;;   15104  bits that wait to be written, lowest first; 15108 how many; 15112 where to; 15120 the two states
(module
  ;; Writes the weights of all symbols up to the last but one, whose follows from the others, at `out`: four bits each, or coded where that is
  ;; shorter. Answers the end, 0 where the format has no room for them.
  (func (export "weights") (param $out i32) (result i32)
    (local $symbol i32) (local $last i32) (local $length i32) (local $longest i32) (local $coded i32)
    (local.set $longest (i32.load (i32.const 14144)))
    (local.set $last (i32.load (i32.const 14148)))
    (block $known
      (loop $next
        (br_if $known (i32.eq $symbol $last))
        (local.set $length (i32.load8_u offset=13824 $symbol))
        (i32.store8 offset=14848 $symbol (select (i32.sub (i32.add $longest 1) $length) 0 $length))
        (local.set $symbol (i32.add $symbol 1))
        (br $next)))
    ;; Half a byte that is left over.
    (i32.store8 offset=14848 $last 0)
    (local.set $coded (call $codeWeights $last $out))
    (if (i32.and (i32.ne $coded 0) (i32.or (i32.gt_u $last 128) (i32.le_u (i32.sub $coded $out) (i32.add 1 (i32.shr_u (i32.add $last 1) 1)))))
      (then (return $coded)))
    (if (i32.gt_u $last 128) (then (return 0)))
    (i32.store8 $out (i32.add 127 $last))
    (local.set $out (i32.add $out 1))
    (local.set $symbol 0)
    (block $written
      (loop $next
        (br_if $written (i32.ge_u $symbol $last))
        (i32.store8 $out (i32.or (i32.shl (i32.load8_u offset=14848 $symbol) 4) (i32.load8_u offset=14849 $symbol)))
        (local.set $out (i32.add $out 1))
        (local.set $symbol (i32.add $symbol 2))
        (br $next)))
    $out)

  ;; The two-state FSE stream of the first `count` weights behind its table; answers the end, 0 where it would not fit or all weights are one.
  (func $codeWeights (param $count i32) (param $out i32) (result i32)
    (local $at i32) (local $weight i32) (local $largest i32) (local $end i32)
    (if (i32.lt_u $count 2) (then (return 0)))
    (v128.store (i32.const 14208) (v128.const i64x2 0 0))
    (v128.store (i32.const 14224) (v128.const i64x2 0 0))
    (v128.store (i32.const 14240) (v128.const i64x2 0 0))
    (v128.store (i32.const 14256) (v128.const i64x2 0 0))
    (block $counted
      (loop $next
        (br_if $counted (i32.eq $at $count))
        (local.set $weight (i32.shl (i32.load8_u offset=14848 $at) 2))
        (i32.store offset=14208 $weight (i32.add (i32.load offset=14208 $weight) 1))
        (local.set $at (i32.add $at 1))
        (br $next)))
    (local.set $largest (call $shareOut $count))
    (if (i32.lt_s $largest 0) (then (return 0)))
    (call $buildTable $largest)
    (i32.store (i32.const 15104) 0)
    (i32.store (i32.const 15108) 0)
    (i32.store (i32.const 15112) (i32.add $out 1))
    (call $putShares $largest)
    (call $putWeights $count)
    (local.set $end (i32.load (i32.const 15112)))
    (if (i32.ge_u (i32.sub $end $out) 129) (then (return 0)))
    (i32.store8 $out (i32.sub (i32.sub $end $out) 1))
    $end)

  ;; Shares of the table of 64 in proportion to the counts, at least one each; answers the largest weight, -1 where there is but one.
  (func $shareOut (param $total i32) (result i32)
    (local $at i32) (local $count i32) (local $share i32) (local $left i32) (local $largest i32) (local $most i32)
    (local.set $left 64)
    (block $shared
      (loop $next
        (br_if $shared (i32.eq $at 52))
        (local.set $count (i32.load offset=14208 $at))
        (if (i32.eq $count $total) (then (return -1)))
        (local.set $share (i32.div_u (i32.shl $count 6) $total))
        (local.set $share (select $share (i32.ne $count 0) $share))
        (i32.store offset=14272 $at $share)
        (local.set $left (i32.sub $left $share))
        (local.set $largest (select $at $largest $count))
        (local.set $most (select $at $most (i32.gt_u $count (i32.load offset=14208 $most))))
        (local.set $at (i32.add $at 4))
        (br $next)))
    ;; Rare ones may have been given too much: the biggest shares pay for it.
    (block $even
      (loop $pay
        (br_if $even (i32.ge_s $left 0))
        (local.set $share 0)
        (local.set $at 4)
        (block $found
          (loop $next
            (br_if $found (i32.eq $at 52))
            (local.set $share (select $at $share (i32.gt_u (i32.load offset=14272 $at) (i32.load offset=14272 $share))))
            (local.set $at (i32.add $at 4))
            (br $next)))
        (i32.store offset=14272 $share (i32.sub (i32.load offset=14272 $share) 1))
        (local.set $left (i32.add $left 1))
        (br $pay)))
    (i32.store offset=14272 $most (i32.add (i32.load offset=14272 $most) $left))
    (i32.shr_u $largest 2))

  (func $buildTable (param $largest i32)
    (local $weight i32) (local $at i32) (local $share i32) (local $n i32) (local $position i32) (local $total i32) (local $bits i32)
    (block $spread
      (loop $next
        (br_if $spread (i32.gt_u $weight $largest))
        (local.set $at (i32.shl $weight 2))
        (local.set $share (i32.load offset=14272 $at))
        (i32.store offset=14336 $at $total)
        (local.set $n 0)
        (block $given
          (loop $give
            (br_if $given (i32.eq $n $share))
            (i32.store8 offset=14528 $position $weight)
            (local.set $position (i32.and (i32.add $position 43) 63))
            (local.set $n (i32.add $n 1))
            (br $give)))
        ;; A share of one always takes six bits.
        (local.set $bits (select (i32.sub 6 (i32.sub 31 (i32.clz (i32.sub $share 1)))) 6 (i32.gt_u $share 1)))
        (i32.store offset=14400 $at (i32.sub (i32.shl $bits 16) (i32.shl $share $bits)))
        (i32.store offset=14464 $at (i32.sub $total $share))
        (local.set $total (i32.add $total $share))
        (local.set $weight (i32.add $weight 1))
        (br $next)))
    (local.set $position 0)
    (block $filled
      (loop $next
        (br_if $filled (i32.eq $position 64))
        (local.set $at (i32.shl (i32.load8_u offset=14528 $position) 2))
        (local.set $n (i32.load offset=14336 $at))
        (i32.store offset=14336 $at (i32.add $n 1))
        (i32.store offset=14592 (i32.shl $n 2) (i32.add 64 $position))
        (local.set $position (i32.add $position 1))
        (br $next))))

  ;; At most eight bits.
  (func $put (param $value i32) (param $count i32)
    (local $bits i32) (local $waiting i32) (local $at i32)
    (local.set $waiting (i32.load (i32.const 15108)))
    (local.set $at (i32.load (i32.const 15112)))
    (local.set $bits (i32.or (i32.load (i32.const 15104)) (i32.shl $value $waiting)))
    (local.set $waiting (i32.add $waiting $count))
    (if (i32.ge_u $waiting 8) (then
      (i32.store8 $at $bits)
      (local.set $at (i32.add $at 1))
      (local.set $bits (i32.shr_u $bits 8))
      (local.set $waiting (i32.sub $waiting 8))))
    (i32.store (i32.const 15104) $bits)
    (i32.store (i32.const 15108) $waiting)
    (i32.store (i32.const 15112) $at))

  ;; Fills up the last byte.
  (func $finish
    (local $at i32)
    (if (i32.eqz (i32.load (i32.const 15108))) (then (return)))
    (local.set $at (i32.load (i32.const 15112)))
    (i32.store8 $at (i32.load (i32.const 15104)))
    (i32.store (i32.const 15112) (i32.add $at 1))
    (i32.store (i32.const 15104) 0)
    (i32.store (i32.const 15108) 0))

  (func $putShares (param $largest i32)
    (local $weight i32) (local $left i32) (local $threshold i32) (local $bits i32) (local $afterZero i32) (local $zeros i32) (local $share i32) (local $most i32) (local $value i32)
    ;; The table has 2^(5 + 1) entries.
    (call $put 1 4)
    (local.set $left 65)
    (local.set $threshold 64)
    (local.set $bits 7)
    (block $told
      (loop $next
        (br_if $told (i32.or (i32.gt_u $weight $largest) (i32.le_u $left 1)))
        (if $afterZero (then
          (local.set $zeros 0)
          (block $counted
            (loop $more
              (br_if $counted (i32.gt_u $weight $largest))
              (br_if $counted (i32.load offset=14272 (i32.shl $weight 2)))
              (local.set $weight (i32.add $weight 1))
              (local.set $zeros (i32.add $zeros 1))
              (br $more)))
          (br_if $told (i32.gt_u $weight $largest))
          (block $threes
            (loop $three
              (br_if $threes (i32.lt_u $zeros 3))
              (call $put 3 2)
              (local.set $zeros (i32.sub $zeros 3))
              (br $three)))
          (call $put $zeros 2)))
        (local.set $share (i32.load offset=14272 (i32.shl $weight 2)))
        (local.set $weight (i32.add $weight 1))
        (local.set $most (i32.sub (i32.sub (i32.shl $threshold 1) 1) $left))
        (local.set $left (i32.sub $left $share))
        (local.set $value (i32.add $share 1))
        (if (i32.ge_u $value $threshold) (then (local.set $value (i32.add $value $most))))
        (call $put $value (i32.sub $bits (i32.lt_u $value $most)))
        (local.set $afterZero (i32.eqz $share))
        (block $narrow
          (loop $halve
            (br_if $narrow (i32.ge_u $left $threshold))
            (local.set $bits (i32.sub $bits 1))
            (local.set $threshold (i32.shr_u $threshold 1))
            (br $halve)))
        (br $next)))
    (call $finish))

  ;; From the last weight to the first, even ones by one state and odd ones by the other.
  (func $putWeights (param $count i32)
    (local $index i32) (local $weight i32) (local $ahead i32) (local $bits i32) (local $state i32) (local $now i32)
    (local.set $index $count)
    (block $written
      (loop $next
        (br_if $written (i32.eqz $index))
        (local.set $index (i32.sub $index 1))
        (local.set $weight (i32.shl (i32.load8_u offset=14848 $index) 2))
        (local.set $ahead (i32.load offset=14400 $weight))
        (local.set $state (i32.shl (i32.and $index 1) 2))
        (if (i32.ge_u $index (i32.sub $count 2))
          (then
            (local.set $bits (i32.shr_u (i32.add $ahead 32768) 16))
            (local.set $now (i32.sub (i32.shl $bits 16) $ahead)))
          (else
            (local.set $now (i32.load offset=15120 $state))
            (local.set $bits (i32.shr_u (i32.add $now $ahead) 16))
            (call $put (i32.and $now (i32.sub (i32.shl 1 $bits) 1)) $bits)))
        (i32.store offset=15120 $state (i32.load offset=14592 (i32.shl (i32.add (i32.shr_u $now $bits) (i32.load offset=14464 $weight)) 2)))
        (br $next)))
    (call $put (i32.and (i32.load (i32.const 15124)) 63) 6)
    (call $put (i32.and (i32.load (i32.const 15120)) 63) 6)
    (call $put 1 1)
    (call $finish))
)
