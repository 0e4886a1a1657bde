;; What a window's features spend their time on, two numbers at a time. All addresses are in bytes.
;; Assembled by scripts/assembleKernels.mjs, which knows only what is used here.
(module
  (memory (export "memory") 1)

  ;; One level of a transform with four taps: the sums over j of taps[j] * x[2k + 1 - j], taps being four low ones and four
  ;; high ones. x is reflected about its ends into two places before and three after it, so that every output is alike.
  ;; n >= 4; one more place after x is read, but never used.
  (func (export "transform") (param $x i32) (param $n i32) (param $taps i32) (param $low i32) (param $high i32)
    (local $end i32) (local $k i32) (local $count i32)
    (local $l0 v128) (local $l1 v128) (local $l2 v128) (local $l3 v128)
    (local $h0 v128) (local $h1 v128) (local $h2 v128) (local $h3 v128)
    (local $a v128) (local $b v128) (local $c v128) (local $x0 v128) (local $x1 v128) (local $x2 v128) (local $x3 v128)
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $n) (i32.const 3))))
    (f64.store (i32.sub (local.get $x) (i32.const 8)) (f64.load (local.get $x)))
    (f64.store (i32.sub (local.get $x) (i32.const 16)) (f64.load offset=8 (local.get $x)))
    (f64.store (local.get $end) (f64.load (i32.sub (local.get $end) (i32.const 8))))
    (f64.store offset=8 (local.get $end) (f64.load (i32.sub (local.get $end) (i32.const 16))))
    (f64.store offset=16 (local.get $end) (f64.load (i32.sub (local.get $end) (i32.const 24))))
    (local.set $l0 (v128.load64_splat (local.get $taps)))
    (local.set $l1 (v128.load64_splat offset=8 (local.get $taps)))
    (local.set $l2 (v128.load64_splat offset=16 (local.get $taps)))
    (local.set $l3 (v128.load64_splat offset=24 (local.get $taps)))
    (local.set $h0 (v128.load64_splat offset=32 (local.get $taps)))
    (local.set $h1 (v128.load64_splat offset=40 (local.get $taps)))
    (local.set $h2 (v128.load64_splat offset=48 (local.get $taps)))
    (local.set $h3 (v128.load64_splat offset=56 (local.get $taps)))
    (local.set $count (i32.shr_u (i32.add (local.get $n) (i32.const 3)) (i32.const 1)))
    (local.set $a (v128.load (i32.sub (local.get $x) (i32.const 16))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (local.get $k) (local.get $count)))
        (local.set $b (v128.load (local.get $x)))
        (local.set $c (v128.load offset=16 (local.get $x)))
        (local.set $x0 (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $b) (local.get $c)))
        (local.set $x1 (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $b) (local.get $c)))
        (local.set $x2 (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $a) (local.get $b)))
        (local.set $x3 (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $a) (local.get $b)))
        (local.set $a
          (f64x2.add
            (f64x2.add (f64x2.mul (local.get $l0) (local.get $x0)) (f64x2.mul (local.get $l1) (local.get $x1)))
            (f64x2.add (f64x2.mul (local.get $l2) (local.get $x2)) (f64x2.mul (local.get $l3) (local.get $x3)))))
        (local.set $b
          (f64x2.add
            (f64x2.add (f64x2.mul (local.get $h0) (local.get $x0)) (f64x2.mul (local.get $h1) (local.get $x1)))
            (f64x2.add (f64x2.mul (local.get $h2) (local.get $x2)) (f64x2.mul (local.get $h3) (local.get $x3)))))
        (local.set $k (i32.add (local.get $k) (i32.const 2)))
        (if (i32.le_s (local.get $k) (local.get $count))
          (then
            (v128.store (local.get $low) (local.get $a))
            (v128.store (local.get $high) (local.get $b)))
          (else
            (f64.store (local.get $low) (f64x2.extract_lane 0 (local.get $a)))
            (f64.store (local.get $high) (f64x2.extract_lane 0 (local.get $b)))))
        (local.set $a (local.get $c))
        (local.set $x (i32.add (local.get $x) (i32.const 32)))
        (local.set $low (i32.add (local.get $low) (i32.const 16)))
        (local.set $high (i32.add (local.get $high) (i32.const 16)))
        (br $next))))

  ;; Of n numbers: energy, mean, population standard deviation and largest magnitude to out, and where tables are given
  ;; (an address other than 0) the entropy of their shares of the energy.
  (func (export "band") (param $c i32) (param $n i32) (param $tables i32) (param $out i32)
    (local $p i32) (local $end i32) (local $pairs i32)
    (local $sum v128) (local $square v128) (local $peak v128) (local $v v128) (local $mean v128) (local $spread v128)
    (local $total f64) (local $energy f64) (local $x f64) (local $top f64) (local $size f64)
    (local.set $size (f64.convert_i32_s (local.get $n)))
    (local.set $pairs (i32.add (local.get $c) (i32.shl (i32.and (local.get $n) (i32.const -2)) (i32.const 3))))
    (local.set $end (i32.add (local.get $c) (i32.shl (local.get $n) (i32.const 3))))
    (local.set $p (local.get $c))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $p) (local.get $pairs)))
        (local.set $v (v128.load (local.get $p)))
        (local.set $sum (f64x2.add (local.get $sum) (local.get $v)))
        (local.set $square (f64x2.add (local.get $square) (f64x2.mul (local.get $v) (local.get $v))))
        (local.set $peak (f64x2.pmax (local.get $peak) (f64x2.abs (local.get $v))))
        (local.set $p (i32.add (local.get $p) (i32.const 16)))
        (br $next)))
    (local.set $total (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))
    (local.set $energy (f64.add (f64x2.extract_lane 0 (local.get $square)) (f64x2.extract_lane 1 (local.get $square))))
    (local.set $top (f64.max (f64x2.extract_lane 0 (local.get $peak)) (f64x2.extract_lane 1 (local.get $peak))))
    (if (i32.lt_u (local.get $p) (local.get $end))
      (then
        (local.set $x (f64.load (local.get $p)))
        (local.set $total (f64.add (local.get $total) (local.get $x)))
        (local.set $energy (f64.add (local.get $energy) (f64.mul (local.get $x) (local.get $x))))
        (local.set $top (f64.max (local.get $top) (f64.abs (local.get $x))))))
    (local.set $total (f64.div (local.get $total) (local.get $size)))
    (local.set $mean (f64x2.splat (local.get $total)))
    (local.set $p (local.get $c))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $p) (local.get $pairs)))
        (local.set $v (f64x2.sub (v128.load (local.get $p)) (local.get $mean)))
        (local.set $spread (f64x2.add (local.get $spread) (f64x2.mul (local.get $v) (local.get $v))))
        (local.set $p (i32.add (local.get $p) (i32.const 16)))
        (br $next)))
    (local.set $x (f64.const 0))
    (if (i32.lt_u (local.get $p) (local.get $end)) (then (local.set $x (f64.sub (f64.load (local.get $p)) (local.get $total)))))
    (f64.store (local.get $out) (local.get $energy))
    (f64.store offset=8 (local.get $out) (local.get $total))
    (f64.store offset=16 (local.get $out)
      (f64.sqrt (f64.div
        (f64.add (f64.mul (local.get $x) (local.get $x)) (f64.add (f64x2.extract_lane 0 (local.get $spread)) (f64x2.extract_lane 1 (local.get $spread))))
        (local.get $size))))
    ;; A missing value makes the energy missing, but slips through the comparison of magnitudes.
    (f64.store offset=24 (local.get $out)
      (select (local.get $top) (local.get $energy) (f64.eq (local.get $energy) (local.get $energy))))
    (if (local.get $tables)
      (then (f64.store offset=32 (local.get $out) (call $entropy (local.get $c) (local.get $n) (local.get $energy) (local.get $tables))))))

  ;; -sum p log p with p = c^2 / energy. p = 2^e m; the upper seven bits of m choose a known point, whose inverse and
  ;; logarithm stand in the tables; r = m / point - 1 is within 1/256 of 0, and six terms of the series give log(1 + r).
  (func $entropy (param $c i32) (param $n i32) (param $energy f64) (param $tables i32) (result f64)
    (local $pairs i32) (local $v v128) (local $share v128) (local $r v128) (local $a v128) (local $b v128) (local $sum v128) (local $scale v128)
    (local $total f64)
    (if (f64.eq (local.get $energy) (f64.const 0)) (then (return (f64.const 0))))
    (local.set $scale (f64x2.splat (local.get $energy)))
    (local.set $pairs (local.get $n))
    (block $done
      (loop $next
        (br_if $done (i32.le_s (local.get $pairs) (i32.const 0)))
        (local.set $v (v128.load (local.get $c)))
        ;; Past the end stands anything: it is taken as 0, which adds nothing.
        (if (i32.eq (local.get $pairs) (i32.const 1)) (then (local.set $v (f64x2.replace_lane 1 (local.get $v) (f64.const 0)))))
        (local.set $share (f64x2.div (f64x2.mul (local.get $v) (local.get $v)) (local.get $scale)))
        (local.set $a (v128.load (i32.add (local.get $tables)
          (i32.and (i32x4.extract_lane 0 (i64x2.shr_u (local.get $share) (i32.const 41))) (i32.const 2032)))))
        (local.set $b (v128.load (i32.add (local.get $tables)
          (i32.and (i32x4.extract_lane 2 (i64x2.shr_u (local.get $share) (i32.const 41))) (i32.const 2032)))))
        (local.set $r (f64x2.sub
          (f64x2.mul
            (v128.or (v128.and (local.get $share) (v128.const i64x2 0x000fffffffffffff 0x000fffffffffffff)) (v128.const i64x2 0x3ff0000000000000 0x3ff0000000000000))
            (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $a) (local.get $b)))
          (v128.const f64x2 1 1)))
        ;; The exponent as a number: put into the lower digits of 2^52 and taken off again with its bias.
        (local.set $v (f64x2.sub
          (v128.or (i64x2.shr_u (local.get $share) (i32.const 52)) (v128.const i64x2 0x4330000000000000 0x4330000000000000))
          (v128.const f64x2 4503599627371519 4503599627371519)))
        (local.set $v (f64x2.add
          (f64x2.add
            (f64x2.mul (local.get $v) (v128.const f64x2 0.6931471805599453 0.6931471805599453))
            (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $a) (local.get $b)))
          (f64x2.add (local.get $r)
            (f64x2.mul (f64x2.mul (local.get $r) (local.get $r))
              (f64x2.add (v128.const f64x2 -0.5 -0.5)
                (f64x2.mul (local.get $r)
                  (f64x2.add (v128.const f64x2 0.3333333333333333 0.3333333333333333)
                    (f64x2.mul (local.get $r)
                      (f64x2.add (v128.const f64x2 -0.25 -0.25)
                        (f64x2.mul (local.get $r)
                          (f64x2.add (v128.const f64x2 0.2 0.2)
                            (f64x2.mul (local.get $r) (v128.const f64x2 -0.16666666666666666 -0.16666666666666666)))))))))))))
        (local.set $sum (f64x2.add (local.get $sum) (f64x2.mul (local.get $share) (local.get $v))))
        (local.set $c (i32.add (local.get $c) (i32.const 16)))
        (local.set $pairs (i32.sub (local.get $pairs) (i32.const 2)))
        (br $next)))
    (local.set $total (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))
    ;; Rounding must not make the entropy of a single share negative.
    (select (f64.const 0) (f64.sub (f64.const 0) (local.get $total)) (f64.ge (local.get $total) (f64.const 0))))

  ;; Of n numbers: sum, sum of squares, least, largest, sum of |x[i + 1] - x[i]|, and about the mean (the value itself where all
  ;; are the same): sums of second, third and fourth powers, and of each times its distance from the middle; then the mean.
  (func (export "moments") (param $x i32) (param $n i32) (param $out i32)
    (local $p i32) (local $pairs i32) (local $last i32)
    (local $v v128) (local $w v128) (local $sum v128) (local $square v128) (local $low v128) (local $high v128) (local $steps v128)
    (local $mean v128) (local $d v128) (local $d2 v128) (local $m2 v128) (local $m3 v128) (local $m4 v128) (local $turn v128) (local $place v128)
    (local $a f64) (local $total f64) (local $min f64) (local $max f64)
    (local.set $pairs (i32.add (local.get $x) (i32.shl (i32.and (local.get $n) (i32.const -2)) (i32.const 3))))
    (local.set $last (i32.sub (i32.add (local.get $x) (i32.shl (local.get $n) (i32.const 3))) (i32.const 8)))
    (local.set $low (v128.load64_splat (local.get $x)))
    (local.set $high (local.get $low))
    (local.set $p (local.get $x))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $p) (local.get $pairs)))
        (local.set $v (v128.load (local.get $p)))
        (local.set $w (f64x2.abs (f64x2.sub (v128.load offset=8 (local.get $p)) (local.get $v))))
        ;; The last difference of an even number of values reaches past the end.
        (if (i32.eq (i32.add (local.get $p) (i32.const 8)) (local.get $last)) (then (local.set $w (f64x2.replace_lane 1 (local.get $w) (f64.const 0)))))
        (local.set $steps (f64x2.add (local.get $steps) (local.get $w)))
        (local.set $sum (f64x2.add (local.get $sum) (local.get $v)))
        (local.set $square (f64x2.add (local.get $square) (f64x2.mul (local.get $v) (local.get $v))))
        (local.set $low (f64x2.pmin (local.get $low) (local.get $v)))
        (local.set $high (f64x2.pmax (local.get $high) (local.get $v)))
        (local.set $p (i32.add (local.get $p) (i32.const 16)))
        (br $next)))
    (if (i32.le_u (local.get $p) (local.get $last))
      (then
        (local.set $a (f64.load (local.get $p)))
        (local.set $v (f64x2.replace_lane 0 (v128.const f64x2 0 0) (local.get $a)))
        (local.set $sum (f64x2.add (local.get $sum) (local.get $v)))
        (local.set $square (f64x2.add (local.get $square) (f64x2.mul (local.get $v) (local.get $v))))
        (local.set $low (f64x2.pmin (local.get $low) (f64x2.splat (local.get $a))))
        (local.set $high (f64x2.pmax (local.get $high) (f64x2.splat (local.get $a))))))
    (local.set $total (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))
    (local.set $min (f64.min (f64x2.extract_lane 0 (local.get $low)) (f64x2.extract_lane 1 (local.get $low))))
    (local.set $max (f64.max (f64x2.extract_lane 0 (local.get $high)) (f64x2.extract_lane 1 (local.get $high))))
    (f64.store (local.get $out) (local.get $total))
    (f64.store offset=8 (local.get $out) (f64.add (f64x2.extract_lane 0 (local.get $square)) (f64x2.extract_lane 1 (local.get $square))))
    (f64.store offset=16 (local.get $out) (local.get $min))
    (f64.store offset=24 (local.get $out) (local.get $max))
    (f64.store offset=32 (local.get $out) (f64.add (f64x2.extract_lane 0 (local.get $steps)) (f64x2.extract_lane 1 (local.get $steps))))
    (local.set $total (f64.div (local.get $total) (f64.convert_i32_s (local.get $n))))
    (if (f64.eq (local.get $min) (local.get $max)) (then (local.set $total (f64.add (local.get $min) (f64.mul (local.get $total) (f64.const 0))))))
    (local.set $mean (f64x2.splat (local.get $total)))
    (local.set $a (f64.mul (f64.convert_i32_s (i32.sub (local.get $n) (i32.const 1))) (f64.const -0.5)))
    (local.set $place (f64x2.replace_lane 1 (f64x2.splat (local.get $a)) (f64.add (local.get $a) (f64.const 1))))
    (local.set $p (local.get $x))
    (block $done
      (loop $next
        (br_if $done (i32.gt_u (local.get $p) (local.get $last)))
        (local.set $d (f64x2.sub (v128.load (local.get $p)) (local.get $mean)))
        (if (i32.eq (local.get $p) (local.get $last)) (then (local.set $d (f64x2.replace_lane 1 (local.get $d) (f64.const 0)))))
        (local.set $d2 (f64x2.mul (local.get $d) (local.get $d)))
        (local.set $m2 (f64x2.add (local.get $m2) (local.get $d2)))
        (local.set $m3 (f64x2.add (local.get $m3) (f64x2.mul (local.get $d2) (local.get $d))))
        (local.set $m4 (f64x2.add (local.get $m4) (f64x2.mul (local.get $d2) (local.get $d2))))
        (local.set $turn (f64x2.add (local.get $turn) (f64x2.mul (local.get $place) (local.get $d))))
        (local.set $place (f64x2.add (local.get $place) (v128.const f64x2 2 2)))
        (local.set $p (i32.add (local.get $p) (i32.const 16)))
        (br $next)))
    (f64.store offset=40 (local.get $out) (f64.add (f64x2.extract_lane 0 (local.get $m2)) (f64x2.extract_lane 1 (local.get $m2))))
    (f64.store offset=48 (local.get $out) (f64.add (f64x2.extract_lane 0 (local.get $m3)) (f64x2.extract_lane 1 (local.get $m3))))
    (f64.store offset=56 (local.get $out) (f64.add (f64x2.extract_lane 0 (local.get $m4)) (f64x2.extract_lane 1 (local.get $m4))))
    (f64.store offset=64 (local.get $out) (f64.add (f64x2.extract_lane 0 (local.get $turn)) (f64x2.extract_lane 1 (local.get $turn))))
    (f64.store offset=72 (local.get $out) (local.get $total)))

  ;; Deals n numbers, rising from min at scale buckets per unit, into buckets: finds those that hold the places in ranks (count
  ;; of them, rising), and gathers and sorts the values of these. Each rank is replaced by the value's place among the
  ;; gathered. Returns how many are gathered; where these are more than 48 they are left unsorted.
  ;; Scratch: n + 1 counts of 4 bytes, all 0 and left so; then places for n + 2 numbers.
  (func (export "gather") (param $x i32) (param $n i32) (param $min f64) (param $scale f64) (param $ranks i32) (param $count i32)
    (param $counts i32) (param $buckets i32) (param $gathered i32) (result i32)
    (local $p i32) (local $end i32) (local $to i32) (local $at i32) (local $before i32) (local $after i32) (local $kept i32) (local $next i32)
    (local $v v128) (local $low v128) (local $by v128) (local $value f64) (local $q i32)
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $n) (i32.const 3))))
    (local.set $low (f64x2.splat (local.get $min)))
    (local.set $by (f64x2.splat (local.get $scale)))
    (local.set $p (local.get $x))
    (local.set $to (local.get $buckets))
    ;; The bucket is rounded into the lower digits of 2^52: it may be stored as a number and read as an integer.
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $p) (local.get $end)))
        (local.set $v (f64x2.add (f64x2.mul (f64x2.sub (v128.load (local.get $p)) (local.get $low)) (local.get $by)) (v128.const f64x2 4503599627370496 4503599627370496)))
        (v128.store (local.get $to) (local.get $v))
        (local.set $at (i32.add (local.get $counts) (i32.shl (i32x4.extract_lane 0 (local.get $v)) (i32.const 2))))
        (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
        (if (i32.lt_u (i32.add (local.get $p) (i32.const 8)) (local.get $end))
          (then
            (local.set $at (i32.add (local.get $counts) (i32.shl (i32x4.extract_lane 2 (local.get $v)) (i32.const 2))))
            (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))))
        (local.set $p (i32.add (local.get $p) (i32.const 16)))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (br $each)))
    ;; Counts become marks: 1 for a bucket that holds a wanted place, 0 for the others.
    (local.set $p (local.get $counts))
    (local.set $end (i32.add (i32.add (local.get $counts) (i32.shl (local.get $n) (i32.const 2))) (i32.const 4)))
    (local.set $next (i32.load (local.get $ranks)))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $p) (local.get $end)))
        (local.set $after (i32.add (local.get $before) (i32.load (local.get $p))))
        (i32.store (local.get $p) (i32.const 0))
        (if (i32.lt_s (local.get $next) (local.get $after))
          (then
            (i32.store (local.get $p) (i32.const 1))
            (loop $more
              (i32.store (local.get $ranks) (i32.sub (i32.add (local.get $kept) (local.get $next)) (local.get $before)))
              (local.set $ranks (i32.add (local.get $ranks) (i32.const 4)))
              (local.set $count (i32.sub (local.get $count) (i32.const 1)))
              (local.set $next (select (i32.load (local.get $ranks)) (i32.const 2147483647) (i32.gt_s (local.get $count) (i32.const 0))))
              (br_if $more (i32.lt_s (local.get $next) (local.get $after))))
            (local.set $kept (i32.add (local.get $kept) (i32.sub (local.get $after) (local.get $before))))))
        (local.set $before (local.get $after))
        (local.set $p (i32.add (local.get $p) (i32.const 4)))
        (br $each)))
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $n) (i32.const 3))))
    (local.set $to (local.get $gathered))
    (local.set $at (local.get $buckets))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $x) (local.get $end)))
        (f64.store (local.get $to) (f64.load (local.get $x)))
        (local.set $to (i32.add (local.get $to)
          (i32.shl (i32.load (i32.add (local.get $counts) (i32.shl (i32.load (local.get $at)) (i32.const 2)))) (i32.const 3))))
        (local.set $x (i32.add (local.get $x) (i32.const 8)))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $each)))
    ;; The marks are cleared for the next window.
    (local.set $p (local.get $counts))
    (local.set $end (i32.add (i32.add (local.get $counts) (i32.shl (local.get $n) (i32.const 2))) (i32.const 4)))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $p) (local.get $end)))
        (i32.store (local.get $p) (i32.const 0))
        (local.set $p (i32.add (local.get $p) (i32.const 4)))
        (br $each)))
    (if (i32.gt_s (local.get $kept) (i32.const 48)) (then (return (local.get $kept))))
    (local.set $p (i32.add (local.get $gathered) (i32.const 8)))
    (local.set $end (i32.add (local.get $gathered) (i32.shl (local.get $kept) (i32.const 3))))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $p) (local.get $end)))
        (local.set $value (f64.load (local.get $p)))
        (local.set $q (local.get $p))
        (block $placed
          (loop $shift
            (br_if $placed (i32.le_u (local.get $q) (local.get $gathered)))
            (br_if $placed (f64.le (f64.load (i32.sub (local.get $q) (i32.const 8))) (local.get $value)))
            (f64.store (local.get $q) (f64.load (i32.sub (local.get $q) (i32.const 8))))
            (local.set $q (i32.sub (local.get $q) (i32.const 8)))
            (br $shift)))
        (f64.store (local.get $q) (local.get $value))
        (local.set $p (i32.add (local.get $p) (i32.const 8)))
        (br $each)))
    (local.get $kept))

  ;; Rounds n numbers to 4 bytes each; a number past the end may be read and written.
  (func (export "narrow") (param $x i32) (param $n i32) (param $to i32)
    (block $done
      (loop $next
        (br_if $done (i32.le_s (local.get $n) (i32.const 0)))
        (f64.store (local.get $to) (f64x2.extract_lane 0 (f32x4.demote_f64x2_zero (v128.load (local.get $x)))))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (local.set $to (i32.add (local.get $to) (i32.const 8)))
        (local.set $n (i32.sub (local.get $n) (i32.const 2)))
        (br $next)))))
