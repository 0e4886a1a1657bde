import type { CaseSpec } from './caseTypes.js';
import type { Batch, Grid, Pipe, Schedule } from './types.js';

/** Numbers of the discretised case that the input file states. */
export interface GenkeyFacts {
  readonly grid: Grid;
  /** Metres of the snapped leak node. */
  readonly leakPosition: number;
  /** Metres of the snapped nodes, in the order of `line.stations`. */
  readonly stationPositions: readonly number[];
}

const continuation = ' \\\n        ';
const widest = 88;

/**
 * The text of an input file in OLGA's statement language: what was simulated, and the labels a reader derives (leak size, place,
 * schedule). The leak's place is that of the snapped node. A twin's file differs in the leak diameter and in the title alone.
 */
export function writeGenkey(spec: CaseSpec, facts: GenkeyFacts): string {
  return [
    '', ...banner('Generated with OLGA version 2022.1.0'), ...banner('Global keywords'),
    ...globalKeywords(spec),
    '', ...banner('Library keywords'), pumpCurve(spec),
    '', ...banner('Network Component'), ...flowPath(spec, facts),
    ...controller(1, 'Control-Pump', spec.operating.pumpSpeed),
    ...controller(2, 'Control-Leak', spec.leak.opening),
    ...controller(3, 'Control-Valve', spec.operating.valveOpening),
    ...pressureNode(1, 'TK-in', spec.operating.suctionPressure),
    ...pressureNode(2, 'TK-out', spec.operating.outletPressure),
    '', ...banner('Connections'), ...connections(),
    '', 'ENDCASE', '',
  ].join('\n');
}

function globalKeywords(spec: CaseSpec): string[] {
  const { fluid } = spec.line;
  return [
    statement('OPTIONS', ['TEMPERATURE=OFF', 'COMPOSITIONAL=OFF', 'ELASTICWALLS=OFF', 'FLOWMODEL=OLGAHD']),
    statement('CASE', ['AUTHOR="Penstock simulation"', 'DATE=01/01/2024', 'PROJECT=Penstock', `TITLE="${spec.name}"`,
      `INFO="${spec.operating.batches === undefined ? `Single phase, constant density ${fluid.density} kg/m3 and wave speed` : batchInfo(fluid.density, spec.operating.batches)}"`]),
    statement('FILES', ['PVTFILE="constant-density"']),
    statement('INTEGRATION', [`ENDTIME=${spec.durationSeconds} s`, 'STARTTIME=0 s']),
    statement('TREND', [`DTPLOT=${spec.sampling.interval} s`]),
  ];
}

function batchInfo(density: number, batches: readonly Batch[]): string {
  const coming = batches.map((batch) => `${digits(batch.density)} kg/m3 from ${digits(batch.time)} s`).join(', ');
  return `Single phase, constant wave speed, density ${digits(density)} kg/m3${coming && `, at the inlet ${coming}`}`;
}

function pumpCurve(spec: CaseSpec): string {
  const { pump, fluid } = spec.line;
  const runout = Math.sqrt(pump.shutoffHead / Math.max(pump.curvature, 1e-9));
  const flows = [0, 0.2, 0.4, 0.6, 0.8, 1].map((part) => part * runout);
  return statement('CENTPUMPCURVE', ['LABEL="C-1"',
    `VOLUMEFLOW=(${flows.map((q) => digits(q * 3600)).join(', ')}) m3/h`,
    `SPEED=(${flows.map(() => digits(pump.maxSpeed)).join(', ')}) rpm`, 'GVF=0 %', `DENSITY=${digits(fluid.density)} kg/m3`,
    `HEAD=(${flows.map((q) => digits(Math.max(0, Number((pump.shutoffHead - pump.curvature * q * q).toFixed(6))))).join(', ')}) m`]);
}

function flowPath(spec: CaseSpec, facts: GenkeyFacts): string[] {
  const { line, leak, operating } = spec;
  const length = facts.grid.position[facts.grid.cells]!;
  const stations = facts.stationPositions.map((position) => stationName(line.name, position));
  const meters = stations.filter((_, i) => line.stations[i]!.flowMeter);
  const inside = [
    statement('PARAMETERS', [`LABEL=${line.name}`]),
    statement('BRANCH', ['FLUID=LIQUID']),
    statement('GEOMETRY', ['LABEL="GEOMETRY-1"', 'XSTART=0 m', `YSTART=${digits(line.startElevation)} m`]),
    ...line.pipes.map((pipe, i) => pipeStatement(pipe, facts.grid.pipes[i]!.cells, operating.frictionFactor)),
    statement('CENTRIFUGALPUMP', ['LABEL=PUMP', `MAXSPEED=${digits(line.pump.maxSpeed)} rpm`, 'CURVEMODE=SINGLEPHASE', 'ABSPOSITION=0 m', 'CURVES="C-1"']),
    statement('LEAK', ['LABEL=LEAK', 'VALVETYPE=OLGAVALVE', `ABSPOSITION=${digits(facts.leakPosition)} m`, 'TIME=0 s',
      `BACKPRESSURE=${digits(leak.backPressure)} Pa`, `CD=${digits(leak.dischargeCoefficient)}`, `DIAMETER=${digits(leak.diameter * 1000)} mm`]),
    statement('VALVE', ['LABEL="V-OUT"', 'MODEL=HYDROVALVE', 'TIME=0 s', 'STROKETIME=0 s', `ABSPOSITION=${digits(length)} m`,
      'OPENING=1', `CD=${digits(line.outletValve.dischargeCoefficient)}`, `DIAMETER=${digits(line.outletValve.diameter * 1000)} mm`]),
    ...line.stations.map((_, i) => statement('POSITION', [`LABEL="${stations[i]}"`, `ABSPOSITION=${digits(facts.stationPositions[i]!)} m`])),
    statement('TRENDDATA', ['VARIABLE=PT', `POSITION=(${stations.map((name) => `"${name}"`).join(', ')})`]),
    statement('TRENDDATA', ['VARIABLE=GT', `POSITION=(${meters.map((name) => `"${name}"`).join(', ')})`]),
    ...(operating.batches === undefined ? [] : [statement('TRENDDATA', ['VARIABLE=ROHL', `POSITION=(${stations.map((name) => `"${name}"`).join(', ')})`])]),
    statement('TRENDDATA', ['VARIABLE=PUMPSPEED', 'CENTRIFUGALPUMP=PUMP']),
    statement('TRENDDATA', ['VARIABLE=(ACMLK, GTLEAK, PTLKUP)', 'LEAK=LEAK']),
    statement('TRENDDATA', ['VARIABLE=VALVOP', 'VALVE="V-OUT"']),
  ];
  return ['NETWORKCOMPONENT TYPE=FLOWPATH, TAG=FLOWPATH_1', ...inside.map((text) => ` ${text}`), 'ENDNETWORKCOMPONENT'];
}

/** How files call a place: `LINE@4500M`. */
export function stationName(line: string, position: number): string {
  return `${line}@${digits(position)}M`.toUpperCase();
}

function pipeStatement(pipe: Pipe, cells: number, frictionOfAll: number | undefined): string {
  // there is no key for a Darcy factor; the roughness below is the wall's where given, and 0 where the factor was fixed
  const roughness = frictionOfAll === undefined && 'roughness' in pipe.friction ? pipe.friction.roughness : 0;
  return statement('PIPE', [`LABEL="${pipe.label}"`, `ROUGHNESS=${digits(roughness * 1000)} mm`, `NSEGMENT=${cells}`,
    `LENGTH=${digits(pipe.length)} m`, `ELEVATION=${digits(pipe.rise)} m`, `DIAMETER=${digits(pipe.diameter * 1000)} mm`]);
}

function controller(index: number, label: string, schedule: Schedule): string[] {
  const stroke = schedule.openingTime === schedule.closingTime
    ? [`STROKETIME=${digits(schedule.openingTime)} s`]
    : [`OPENINGTIME=${digits(schedule.openingTime)} s`, `CLOSINGTIME=${digits(schedule.closingTime)} s`];
  return ['', ...banner('Network Component'), `NETWORKCOMPONENT TYPE=MANUALCONTROLLER, TAG=MANUALCONTROLLER_${index}`,
    ` ${statement('PARAMETERS', [`LABEL="${label}"`, `TIME=${list(schedule.times)} s`, `SETPOINT=${list(schedule.setpoints)}`, ...stroke])}`,
    ' TRENDDATA VARIABLE=CONTR', 'ENDNETWORKCOMPONENT'];
}

function pressureNode(index: number, label: string, pressure: number): string[] {
  return ['', ...banner('Network Component'), `NETWORKCOMPONENT TYPE=NODE, TAG=NODE_${index}`,
    ` ${statement('PARAMETERS', [`LABEL="${label}"`, 'TYPE=PRESSURE', 'TEMPERATURE=20 C', `PRESSURE=${digits(pressure)} Pa`, 'TIME=0 s', 'FLUID=LIQUID'])}`,
    'ENDNETWORKCOMPONENT'];
}

function connections(): string[] {
  return [
    'CONNECTION TERMINALS = (FLOWPATH_1 INLET, NODE_1 FLOWTERM_1)',
    'CONNECTION TERMINALS = (FLOWPATH_1 OUTLET, NODE_2 FLOWTERM_1)',
    'CONNECTION TERMINALS = (MANUALCONTROLLER_1 CONTR_1, FLOWPATH_1 PUMP@SPEEDSIG)',
    'CONNECTION TERMINALS = (MANUALCONTROLLER_2 CONTR_1, FLOWPATH_1 LEAK@VALVESIG)',
    'CONNECTION TERMINALS = (MANUALCONTROLLER_3 CONTR_1, FLOWPATH_1 V-OUT@VALVESIG)',
  ];
}

/** One statement, broken between its assignments where a line would grow long. */
function statement(keyword: string, assignments: readonly string[]): string {
  let text = `${keyword} `;
  let width = text.length;
  assignments.forEach((assignment, i) => {
    const piece = i < assignments.length - 1 ? `${assignment}, ` : assignment;
    if (i > 0 && width + piece.length > widest) {
      text = `${text.trimEnd()}${continuation}`;
      width = 8;
    }
    text += piece;
    width += piece.length;
  });
  return text;
}

function banner(title: string): string[] {
  const rule = `!${'*'.repeat(86)}`;
  return [rule, `! ${title}`, rule];
}

function list(values: readonly number[]): string {
  return values.length === 1 ? digits(values[0]!) : `(${values.map(digits).join(', ')})`;
}

/** Shortest decimal text with at most 12 significant digits, so that 0.0231 m reads as 23.1 mm. */
function digits(value: number): string {
  return `${Number(value.toPrecision(12))}`;
}
