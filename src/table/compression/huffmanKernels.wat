;; A Huffman code for the bytes of one block, as Zstandard numbers it (RFC 8878, section 4.2.1). `$x` is short for (local.get $x), and a
;; number for (i32.const ...). Memory, beside that of pageKernels.wat (counts of the bytes at 0, codes at 4096):
;;    8192  leaves, rarest first: count and symbol, which is in the lower eight bits
;;    9216  weight of each node: leaves, then inner nodes
;;   11264  parent of each node
;;   13312  depth of each node, one byte
;;   13824  length of each symbol's code, one byte, 0 where it does not occur
;;   14080  per length: how many codes, then the next code
;;   14144  bits of the longest code; 14148 the largest symbol that occurs
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
)
