import type { CampaignOptions, Disturbance } from './campaignTypes.js';
import type { Line } from './caseTypes.js';
import { defaultLine } from './defaultLine.js';
import type { Factor, Range } from './factors.js';
import type { Fluid } from './types.js';

/** A campaign as people write it: percent and minutes, what is left out as null. */
export interface CampaignSettings {
  readonly design: 'random' | 'factorial';
  readonly cases: number;
  readonly leak_free: number;
  readonly seed: number;
  readonly duration_seconds: number;
  readonly leak_free_seconds: number | null;
  readonly sampling_seconds: number;
  readonly cell_length: number | null;
  readonly leak: {
    readonly percent: Factor;
    readonly minimum_multiples: Factor | null;
    readonly minimum: { readonly minutes: number; readonly z: number; readonly flow_uncertainty_percent: number | null; readonly line_pack_m3: number | null };
    readonly common_random_numbers: boolean;
    readonly position: Factor;
    readonly onset: Factor;
    readonly ramp_seconds: Factor;
    readonly seconds: Range | null;
  };
  readonly operating: {
    readonly velocity: Factor;
    readonly pump_speed: Range;
    readonly friction_factor: Range;
    readonly suction_pressure: Range;
    readonly outlet_pressure: Range;
    readonly valve_opening: Range;
  };
  readonly disturbances: readonly Disturbance[];
  readonly most_events: number;
  readonly batch_density: Range;
  readonly fluids: readonly FluidSettings[];
  readonly lines: readonly LineSettings[];
  readonly instruments: {
    readonly flow_noise_percent: number;
    readonly flow_bias_percent: number;
    readonly flow_span: number;
    readonly pressure_noise_percent: number;
    readonly pressure_bias_percent: number;
    readonly pressure_span: number;
    readonly deadband_percent: number;
    readonly scan_seconds: number;
    readonly clock_skew_seconds: number;
  };
}

interface FluidSettings {
  readonly density: number;
  readonly vapour_pressure: number;
  readonly viscosity: number;
}

interface LineSettings {
  readonly name: string;
  readonly start_elevation: number;
  readonly pipes: readonly { readonly length: number; readonly rise: number; readonly diameter: number; readonly wave_speed: number }[];
  readonly stations: readonly { readonly position: number; readonly flow_meter: boolean }[];
  readonly pump?: { readonly shutoff_head: number; readonly curvature: number; readonly max_speed: number } | undefined;
  readonly outlet_valve?: { readonly diameter: number; readonly discharge_coefficient: number } | undefined;
}

/** The same in the simulator's terms: fractions for percent, SI units. */
export function campaignOptions(config: CampaignSettings): CampaignOptions {
  const { leak, operating, instruments } = config;
  const { minutes, z, flow_uncertainty_percent: flowUncertainty, line_pack_m3: linePackUncertainty } = leak.minimum;
  return {
    design: config.design, cases: config.cases, leakFree: config.leak_free, seed: config.seed, durationSeconds: config.duration_seconds,
    ...(config.leak_free_seconds !== null && { leakFreeSeconds: config.leak_free_seconds }),
    lines: linesOf(config), fluids: config.fluids.map(fluidOf),
    leakFraction: hundredth(leak.percent), ...(leak.minimum_multiples !== null && { leakMultiples: leak.minimum_multiples }),
    minimum: { seconds: 60 * minutes, z, ...(flowUncertainty !== null && { flowUncertainty: flowUncertainty / 100 }), ...(linePackUncertainty !== null && { linePackUncertainty }) },
    commonRandomNumbers: leak.common_random_numbers, position: leak.position, onsetRange: leak.onset, rampSeconds: leak.ramp_seconds,
    ...(leak.seconds !== null && { leakSeconds: leak.seconds }),
    operating: {
      velocity: operating.velocity, speed: operating.pump_speed, friction: operating.friction_factor, suction: operating.suction_pressure,
      outlet: operating.outlet_pressure, opening: operating.valve_opening,
    },
    disturbances: config.disturbances, mostEvents: config.most_events, batchDensity: config.batch_density,
    instruments: {
      flowNoise: instruments.flow_noise_percent / 100, flowBias: instruments.flow_bias_percent / 100, flowSpan: instruments.flow_span,
      pressureNoise: instruments.pressure_noise_percent / 100, pressureBias: instruments.pressure_bias_percent / 100, pressureSpan: instruments.pressure_span,
      deadband: instruments.deadband_percent / 100, scanInterval: instruments.scan_seconds, clockSkew: instruments.clock_skew_seconds,
    },
    sampling: { interval: config.sampling_seconds },
  };
}

function hundredth(factor: Factor): Factor {
  return 'levels' in factor ? { levels: factor.levels.map((value) => value / 100) } : [factor[0] / 100, factor[1] / 100];
}

function linesOf(config: CampaignSettings): Line[] {
  const cell = config.cell_length === null ? {} : { cellLength: config.cell_length };
  if (config.lines.length === 0) return [{ ...defaultLine(), ...cell }];
  return config.lines.map((line): Line => {
    const { pump, outletValve, fluid, cellLength } = defaultLine();
    return {
      name: line.name, fluid, startElevation: line.start_elevation, cellLength, ...cell,
      pipes: line.pipes.map((pipe, i) => ({ label: `PIPE-${i + 1}`, length: pipe.length, rise: pipe.rise, diameter: pipe.diameter, waveSpeed: pipe.wave_speed, friction: { roughness: 4.5e-5 } })),
      stations: line.stations.map((station) => ({ position: station.position, flowMeter: station.flow_meter })),
      pump: line.pump ? { shutoffHead: line.pump.shutoff_head, curvature: line.pump.curvature, maxSpeed: line.pump.max_speed } : pump,
      outletValve: line.outlet_valve ? { diameter: line.outlet_valve.diameter, dischargeCoefficient: line.outlet_valve.discharge_coefficient } : outletValve,
    };
  });
}

function fluidOf(fluid: FluidSettings): Fluid {
  return { density: fluid.density, vapourPressure: fluid.vapour_pressure, viscosity: fluid.viscosity };
}
