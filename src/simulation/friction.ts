/**
 * Darcy friction factor: 64 / Re up to Re 2300, Colebrook and White above, solved to machine precision.
 * `relativeRoughness` is wall roughness over diameter.
 */
export function frictionFactor(reynolds: number, relativeRoughness: number): number {
  if (reynolds <= 2300) return 64 / Math.max(reynolds, 1e-6);
  // x = 1 / sqrt(f); the fixed point contracts by more than 5 per turn
  let x = 7;
  for (let i = 0; i < 60; i++) {
    const next = -2 * Math.log10(relativeRoughness / 3.7 + 2.51 * x / reynolds);
    if (Math.abs(next - x) < 1e-15 * x) break;
    x = next;
  }
  return 1 / (x * x);
}
