/** Square of a unit for energies; dimensionless stays so. */
export function squared(unit: string): string {
  return unit === '' || unit === '1' ? '1' : `(${unit})^2`;
}

export function perRow(unit: string): string {
  return unit === '' || unit === '1' ? '1/row' : `${unit}/row`;
}
