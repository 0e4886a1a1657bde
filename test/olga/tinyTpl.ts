/** Parts of a small trend file; every test changes the one it is about. */
export interface TinyTpl {
  version: string;
  kind: string;
  meta: string[];
  network: string[];
  geometry: string[];
  catalog: string[];
  count: string;
  series: string;
  rows: string[];
}

export function tinyTpl(change: (parts: TinyTpl) => void = () => {}): string {
  const parts: TinyTpl = {
    version: "'OLGA 2099.1.0.1'",
    kind: 'TIME PLOT',
    meta: ['INPUT FILE', "'tiny.genkey'", 'DATE', "'99-01-02 03:04:05'", 'TITLE', "''"],
    network: ['NETWORK', '1'],
    geometry: ["GEOMETRY' (M)  '", 'BRANCH', "'LINE'", '2', '0.0 1.0e+001 2.5e+001 ', '0.0 1.0 -2.0 '],
    catalog: [
      "PT 'POSITION:' 'LINE@5M' '(PA)' 'Pressure'",
      "GT 'BOUNDARY:' 'BRANCH:' 'LINE' 'PIPE:' 'Pipe-1' 'NR:' '2'  '(KG/S)' 'Total mass flow'",
      "GTLEAK 'LEAK:' 'HOLE' '(KG/S)' 'Leakage total mass flow rate'",
    ],
    count: '3',
    series: "TIME SERIES  ' (S)  '",
    rows: [
      '0.000000e+000 1.000000e+005 5.000000e+000 0.000000e+000',
      '1.000000e+000 1.100000e+005 5.100000e+000 0.000000e+000',
      '2.000000e+000 1.200000e+005 5.200000e+000 -1.000000e+000',
      '3.000000e+000 1.300000e+005 5.300000e+000 -2.000000e+000',
      '4.000000e+000 1.400000e+005 5.400000e+000 0.000000e+000',
    ],
  };
  change(parts);
  return [
    parts.version, parts.kind, ...parts.meta, ...parts.network, ...parts.geometry, 'CATALOG ', parts.count, ...parts.catalog, parts.series, ...parts.rows, '',
  ].join('\n');
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
