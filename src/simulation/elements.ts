/**
 * What happens at one node within one step. All in heads (m) and volume flows (m3/s).
 * A characteristic arriving at a node says  H = c - (b + r |Q|) Q  from upstream and  H = c + (b + r |Q|) Q  from downstream,
 * with b = a / (g A) and r half the friction of the cell (the trapezoidal rule puts the other half into c).
 */

/** Standard gravity, m/s2. */
export const gravity = 9.80665;

/** Q of  r Q |Q| + b Q = d, for b > 0, r >= 0; one root, no cancellation. */
export function flowAcross(d: number, b: number, r: number): number {
  return 2 * d / (b + Math.sqrt(b * b + 4 * r * Math.abs(d)));
}

/**
 * Q >= 0 of a pump with check valve feeding the downstream characteristic:
 * suction + shutoff - curvature Q^2 = c + b Q + r Q^2.
 */
export function pumpFlow(suction: number, shutoff: number, curvature: number, c: number, b: number, r: number): number {
  const d = suction + shutoff - c;
  return d <= 0 ? 0 : flowAcross(d, b, r + curvature);
}

/** Head loss of an orifice as k Q |Q|: k = 1 / (2 g (opening Cd A)^2), Infinity when shut. */
export function orificeLoss(effectiveArea: number): number {
  return 1 / (2 * gravity * effectiveArea * effectiveArea);
}

/** Volume flow out of an orifice with `drop` metres of head across it; nothing comes back in. */
export function orificeFlow(effectiveArea: number, drop: number): number {
  return drop <= 0 ? 0 : effectiveArea * Math.sqrt(2 * gravity * drop);
}

/**
 * Head at a leaking node: inflow by the upstream characteristic = outflow by the downstream one + orifice. Each side is monotone
 * in H, and the root lies between the head outside and the head without leak: Newton inside that bracket, halving where it leaves.
 */
export function leakHead(
  tight: number, outside: number, effectiveArea: number,
  cUp: number, bUp: number, rUp: number, cDown: number, bDown: number, rDown: number,
): number {
  if (tight <= outside) return tight;
  let low = outside, high = tight, head = tight;
  for (let i = 0; i < 100; i++) {
    const up = flowAcross(cUp - head, bUp, rUp), down = flowAcross(head - cDown, bDown, rDown);
    const drop = Math.max(head - outside, 1e-300);
    const out = orificeFlow(effectiveArea, drop);
    const excess = up - down - out;
    if (excess > 0) low = head;
    else high = head;
    const slope = -1 / (bUp + 2 * rUp * Math.abs(up)) - 1 / (bDown + 2 * rDown * Math.abs(down)) - out / (2 * drop);
    let next = head - excess / slope;
    if (!(next >= low && next <= high)) next = 0.5 * (low + high);
    // Newton doubles the digits: a step this small has an error far below rounding
    if (Math.abs(next - head) <= 1e-11 * Math.abs(head)) return next;
    head = next;
  }
  return head;
}
