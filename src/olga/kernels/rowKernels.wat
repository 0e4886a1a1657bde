;; Lines of numbers in the layout that OLGA writes, [-]d.dddddde±dd[d] with blanks between them, to columns of float64.
;; Memory: at 0 what a number looks like (`d.dddddde+dd` with zeros for digits), at 16 which of its bits tell, at 32 the most that may differ,
;; at 48 the places of four digits in eight bytes, at 80 the two steps of tens; at 128 where it stopped, the rows by then, and how many lines ended
;; with LF and with CR LF; at 256 pairs of a factor and a divisor for each power of ten; at 1024 one byte per column, 0 where it is not wanted.
(module
  ;; Reads lines from `at` until `limit`, where a line has ended, or until there are `most` rows; `row` are there. Column k of row r goes to
  ;; values + k * stride + 8 * r. Stops at the start of the first line that is anything else. Sixteen bytes behind `limit` are read.
  (func (export "rows") (param $at i32) (param $limit i32) (param $width i32) (param $values i32) (param $stride i32) (param $row i32) (param $most i32)
    (local $line i32) (local $column i32) (local $to i32) (local $byte i32) (local $negative i32) (local $end i32) (local $power i32) (local $lf i32) (local $crlf i32)
    (local $x v128) (local $like v128) (local $bits v128) (local $differ v128) (local $hundreds v128) (local $thousands v128) (local $digits i64)
    (local.set $like (v128.load offset=0 (i32.const 0)))
    (local.set $bits (v128.load offset=16 (i32.const 0)))
    (local.set $differ (v128.load offset=32 (i32.const 0)))
    (local.set $hundreds (v128.load offset=48 (i32.const 0)))
    (local.set $thousands (v128.load offset=80 (i32.const 0)))
    (local.set $line (local.get $at))
    (block $stop
      (loop $lines
        (br_if $stop (i32.ge_u (local.get $at) (local.get $limit)))
        (br_if $stop (i32.ge_u (local.get $row) (local.get $most)))
        (local.set $to (i32.add (local.get $values) (i32.shl (local.get $row) (i32.const 3))))
        (local.set $column (i32.const 0))
        (loop $numbers
          (local.set $byte (i32.load8_u (local.get $at)))
          (loop $blanks
            (if (i32.eq (local.get $byte) (i32.const 32)) (then
              (local.set $at (i32.add (local.get $at) (i32.const 1)))
              (local.set $byte (i32.load8_u (local.get $at)))
              (br $blanks))))
          (local.set $negative (i32.eq (local.get $byte) (i32.const 45)))
          (local.set $at (i32.add (local.get $at) (local.get $negative)))
          (local.set $x (v128.and (v128.xor (v128.load (local.get $at)) (local.get $like)) (local.get $bits)))
          (br_if $stop (i32.eqz (i8x16.all_true (i8x16.le_u (local.get $x) (local.get $differ)))))
          (local.set $power (i32.add (i32.mul (i8x16.extract_lane_u 10 (local.get $x)) (i32.const 10)) (i8x16.extract_lane_u 11 (local.get $x))))
          (local.set $end (i32.add (local.get $at) (i32.const 12)))
          (local.set $byte (i32.load8_u (local.get $end)))
          (if (i32.lt_u (i32.sub (local.get $byte) (i32.const 48)) (i32.const 10)) (then
            (local.set $power (i32.add (i32.mul (local.get $power) (i32.const 10)) (i32.sub (local.get $byte) (i32.const 48))))
            (local.set $end (i32.add (local.get $end) (i32.const 1)))
            (local.set $byte (i32.load8_u (local.get $end)))))
          (br_if $stop (i32.gt_u (local.get $byte) (i32.const 32)))
          (if (i32.load8_u offset=1024 (local.get $column)) (then
            (local.set $power (i32.add (select (i32.sub (i32.const 0) (local.get $power)) (local.get $power) (i32.eq (i32.load8_u offset=9 (local.get $at)) (i32.const 45))) (i32.const 16)))
            (br_if $stop (i32.gt_u (local.get $power) (i32.const 44)))
            ;; Seven digits to 16 bits each, to pairs, to four and three.
            (local.set $x (i32x4.dot_i16x8_s (i8x16.shuffle 0 1 2 1 3 1 4 1 5 1 6 1 7 1 1 1 (local.get $x) (local.get $x)) (local.get $hundreds)))
            (local.set $x (i32x4.dot_i16x8_s (i16x8.narrow_i32x4_s (local.get $x) (local.get $x)) (local.get $thousands)))
            (local.set $digits (i64x2.extract_lane 0 (local.get $x)))
            (local.set $power (i32.shl (local.get $power) (i32.const 4)))
            (f64.store (local.get $to) (f64.reinterpret_i64 (i64.or
              (i64.reinterpret_f64 (f64.div
                (f64.mul
                  (f64.convert_i32_s (i32.add (i32.wrap_i64 (local.get $digits)) (i32.wrap_i64 (i64.shr_u (local.get $digits) (i64.const 32)))))
                  (f64.load offset=256 (local.get $power)))
                (f64.load offset=264 (local.get $power))))
              (i64.shl (i64.extend_i32_u (local.get $negative)) (i64.const 63)))))
            (local.set $to (i32.add (local.get $to) (local.get $stride)))))
          (local.set $at (local.get $end))
          (local.set $column (i32.add (local.get $column) (i32.const 1)))
          (br_if $numbers (i32.lt_u (local.get $column) (local.get $width))))
        (loop $blanks
          (if (i32.eq (local.get $byte) (i32.const 32)) (then
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (local.set $byte (i32.load8_u (local.get $at)))
            (br $blanks))))
        (if (i32.eq (local.get $byte) (i32.const 13))
          (then
            (br_if $stop (i32.ne (i32.load8_u offset=1 (local.get $at)) (i32.const 10)))
            (local.set $at (i32.add (local.get $at) (i32.const 2)))
            (local.set $crlf (i32.add (local.get $crlf) (i32.const 1))))
          (else
            (br_if $stop (i32.ne (local.get $byte) (i32.const 10)))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (local.set $lf (i32.add (local.get $lf) (i32.const 1)))))
        (local.set $line (local.get $at))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $lines)))
    (i32.store offset=128 (i32.const 0) (local.get $line))
    (i32.store offset=132 (i32.const 0) (local.get $row))
    (i32.store offset=136 (i32.const 0) (local.get $lf))
    (i32.store offset=140 (i32.const 0) (local.get $crlf)))
)
