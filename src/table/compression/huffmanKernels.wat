;; A Huffman code for one block and how it is told to the reader, as Zstandard has it (RFC 8878, sections 4.2.1 and 4.1).
;; Memory, beside that of pageKernels.wat (counts of the bytes at 0, codes at 4096):
;;    8192  leaves, rarest first: count and symbol, which is in the lower eight bits
;;    9216  weight of each node: leaves, then inner nodes
;;   11264  parent of each node
;;   13312  depth of each node, one byte
;;   13824  length of each symbol's code, one byte, 0 where it does not occur
;;   14080  per length: how many codes, then the next code
;;   14144  bits of the longest code; 14148 the largest symbol that occurs
;;   14208  per weight (0 where a symbol does not occur, else longest + 1 - length): how many symbols, 14272 its share of the
;;          table, 14336 the next place in it, 14400 and 14464 what leads from state to state
;;   14528  weight of each entry of the table, one byte; 14592 the states
;;   14848  weight of each symbol, one byte
;;   15104  bits that wait to be written, lowest first; 15108 how many; 15112 where to; 15120 the two states
(module
  ;; The symbols that occur, in order of their counts, equally frequent ones of their number; answers how many. A block has at most 2^17 bytes.
  (func $sort (result i32)
    (local $symbol i32) (local $count i32) (local $used i32) (local $gap i32) (local $at i32) (local $key i32) (local $place i32)
    (block $listed
      (loop $next
        (br_if $listed (i32.eq $symbol 256))
        (local.set $count (i32.load (i32.shl $symbol 2)))
        (if $count (then
          (i32.store offset=8192 (i32.shl $used 2) (i32.or (i32.shl $count 8) $symbol))
          (local.set $used (i32.add $used 1))))
        (local.set $symbol (i32.add $symbol 1))
        (br $next)))
    (local.set $gap 57)
    (block $sorted
      (loop $pass
        (br_if $sorted (i32.eqz $gap))
        (local.set $at $gap)
        (block $passed
          (loop $next
            (br_if $passed (i32.ge_u $at $used))
            (local.set $key (i32.load offset=8192 (i32.shl $at 2)))
            (local.set $place $at)
            (block $found
              (loop $down
                (br_if $found (i32.lt_u $place $gap))
                (br_if $found (i32.lt_u (i32.load offset=8192 (i32.shl (i32.sub $place $gap) 2)) $key))
                (i32.store offset=8192 (i32.shl $place 2) (i32.load offset=8192 (i32.shl (i32.sub $place $gap) 2)))
                (local.set $place (i32.sub $place $gap))
                (br $down)))
            (i32.store offset=8192 (i32.shl $place 2) $key)
            (local.set $at (i32.add $at 1))
            (br $next)))
        ;; 57, 25, 11, 4, 1
        (local.set $gap (i32.div_u (i32.mul $gap 4) 9))
        (br $pass)))
    $used)

  ;; A complete prefix code for the counts, no code longer than 11 bits, numbered as Zstandard numbers them; at least two symbols
  ;; must occur. Answers the bits that all symbols take together.
  (func (export "code") (result i32)
    (local $leaves i32) (local $at i32) (local $leaf i32) (local $inner i32) (local $next i32) (local $pick i32) (local $node i32) (local $sum i32)
    (local $symbol i32) (local $length i32) (local $bits i32) (local $longest i32) (local $last i32)
    (local.set $leaves (call $sort))
    (block $weighed
      (loop $more
        (br_if $weighed (i32.eq $at $leaves))
        (i32.store offset=9216 (i32.shl $at 2) (i32.shr_u (i32.load offset=8192 (i32.shl $at 2)) 8))
        (local.set $at (i32.add $at 1))
        (br $more)))
    ;; Inner nodes come out in rising order by themselves: the two lightest are the first of the leaves and the first of the inner nodes that are left.
    (local.set $inner $leaves)
    (local.set $next $leaves)
    (block $joined
      (loop $join
        (br_if $joined (i32.ge_u $next (i32.sub (i32.shl $leaves 1) 1)))
        (local.set $sum 0)
        (local.set $pick 0)
        (block $picked
          (loop $choose
            (br_if $picked (i32.eq $pick 2))
            (if (i32.and (i32.lt_u $leaf $leaves) (i32.or (i32.ge_u $inner $next)
                (i32.le_u (i32.load offset=9216 (i32.shl $leaf 2)) (i32.load offset=9216 (i32.shl $inner 2)))))
              (then (local.set $node $leaf) (local.set $leaf (i32.add $leaf 1)))
              (else (local.set $node $inner) (local.set $inner (i32.add $inner 1))))
            (local.set $sum (i32.add $sum (i32.load offset=9216 (i32.shl $node 2))))
            (i32.store offset=11264 (i32.shl $node 2) $next)
            (local.set $pick (i32.add $pick 1))
            (br $choose)))
        (i32.store offset=9216 (i32.shl $next 2) $sum)
        (local.set $next (i32.add $next 1))
        (br $join)))
    (local.set $node (i32.sub (i32.shl $leaves 1) 2))
    (i32.store8 offset=13312 $node 0)
    (block $deep
      (loop $down
        (br_if $deep (i32.eqz $node))
        (local.set $node (i32.sub $node 1))
        (i32.store8 offset=13312 $node (i32.add (i32.load8_u offset=13312 (i32.load offset=11264 (i32.shl $node 2))) 1))
        (br $down)))
    (call $limit $leaves)
    (local.set $at 0)
    (block $cleared
      (loop $clear
        (br_if $cleared (i32.eq $at 256))
        (v128.store offset=13824 $at (v128.const i64x2 0 0))
        (local.set $at (i32.add $at 16))
        (br $clear)))
    (local.set $at 0)
    (block $known
      (loop $more
        (br_if $known (i32.eq $at $leaves))
        (local.set $symbol (i32.and (i32.load offset=8192 (i32.shl $at 2)) 255))
        (local.set $length (i32.load8_u offset=13312 $at))
        (i32.store8 offset=13824 $symbol $length)
        (local.set $longest (select $length $longest (i32.gt_u $length $longest)))
        (local.set $last (select $symbol $last (i32.gt_u $symbol $last)))
        (local.set $bits (i32.add $bits (i32.mul $length (i32.shr_u (i32.load offset=8192 (i32.shl $at 2)) 8))))
        (local.set $at (i32.add $at 1))
        (br $more)))
    (i32.store (i32.const 14144) $longest)
    (i32.store (i32.const 14148) $last)
    (call $number $longest $last)
    $bits)

  ;; Cuts codes that are too long and pays for it with others, until the code is complete again: Kraft's sum, in units of 2^-11, is 2048.
  (func $limit (param $leaves i32)
    (local $at i32) (local $depth i32) (local $sum i32) (local $cut i32) (local $gain i32)
    (block $summed
      (loop $next
        (br_if $summed (i32.eq $at $leaves))
        (local.set $depth (i32.load8_u offset=13312 $at))
        (if (i32.gt_u $depth 11) (then
          (local.set $depth 11)
          (local.set $cut 1)
          (i32.store8 offset=13312 $at 11)))
        (local.set $sum (i32.add $sum (i32.shl 1 (i32.sub 11 $depth))))
        (local.set $at (i32.add $at 1))
        (br $next)))
    (if (i32.eqz $cut) (then (return)))
    ;; Rare symbols stand first, and no code is longer than the one before: the first that may grow is the longest of these.
    (local.set $at 0)
    (block $paid
      (loop $grow
        (br_if $paid (i32.le_u $sum 2048))
        (local.set $depth (i32.load8_u offset=13312 $at))
        (if (i32.eq $depth 11)
          (then (local.set $at (i32.add $at 1)))
          (else
            (i32.store8 offset=13312 $at (i32.add $depth 1))
            (local.set $sum (i32.sub $sum (i32.shl 1 (i32.sub 10 $depth))))))
        (br $grow)))
    (local.set $at (i32.sub $leaves 1))
    (block $complete
      (loop $shrink
        (br_if $complete (i32.ge_u $sum 2048))
        (local.set $depth (i32.load8_u offset=13312 $at))
        (local.set $gain (i32.shl 1 (i32.sub 11 $depth)))
        (if (i32.and (i32.ge_u $depth 2) (i32.le_u $gain (i32.sub 2048 $sum))) (then
          (i32.store8 offset=13312 $at (i32.sub $depth 1))
          (local.set $sum (i32.add $sum $gain))))
        (local.set $at (select (i32.sub $leaves 1) (i32.sub $at 1) (i32.eqz $at)))
        (br $shrink))))

  ;; Longer codes first, in order of their symbols. A code stands in the lower 16 bits, its length above.
  (func $number (param $longest i32) (param $last i32)
    (local $symbol i32) (local $length i32) (local $first i32) (local $count i32)
    (v128.store (i32.const 14080) (v128.const i64x2 0 0))
    (v128.store (i32.const 14096) (v128.const i64x2 0 0))
    (v128.store (i32.const 14112) (v128.const i64x2 0 0))
    (block $counted
      (loop $next
        (br_if $counted (i32.gt_u $symbol $last))
        (local.set $length (i32.shl (i32.load8_u offset=13824 $symbol) 2))
        (i32.store offset=14080 $length (i32.add (i32.load offset=14080 $length) 1))
        (local.set $symbol (i32.add $symbol 1))
        (br $next)))
    (local.set $length $longest)
    (block $begun
      (loop $next
        (br_if $begun (i32.eqz $length))
        (local.set $count (i32.load offset=14080 (i32.shl $length 2)))
        (i32.store offset=14080 (i32.shl $length 2) $first)
        (local.set $first (i32.shr_u (i32.add $first $count) 1))
        (local.set $length (i32.sub $length 1))
        (br $next)))
    (local.set $symbol 0)
    (block $numbered
      (loop $next
        (br_if $numbered (i32.gt_u $symbol $last))
        (local.set $length (i32.load8_u offset=13824 $symbol))
        (if $length (then
          (local.set $first (i32.load offset=14080 (i32.shl $length 2)))
          (i32.store offset=14080 (i32.shl $length 2) (i32.add $first 1))
          (i32.store offset=4096 (i32.shl $symbol 2) (i32.or (i32.shl $length 16) $first))))
        (local.set $symbol (i32.add $symbol 1))
        (br $next))))

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
