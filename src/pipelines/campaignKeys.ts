import { z } from 'zod';

const pair = z.tuple([z.number(), z.number()]);
/** A range to draw from, or levels. */
const factor = z.union([pair, z.strictObject({ levels: z.array(z.number()).min(1) })]);

const disturbance = z.enum(['events', 'none', 'pump_trip', 'packing', 'batch']);

const fluid = z.strictObject({
  density: z.number().positive().describe('kg/m3'),
  vapour_pressure: z.number().min(0).default(20_000).describe('Pa absolute'),
  viscosity: z.number().positive().default(0.005).describe('Pa s'),
});

const line = z.strictObject({
  name: z.string().regex(/^\w+$/).default('LINE').describe('Name of the flow path; sensors are called `NAME@<metres>M`'),
  start_elevation: z.number().default(0).describe('m'),
  pipes: z.array(z.strictObject({
    length: z.number().positive().describe('m'),
    rise: z.number().default(0).describe('m from its start to its end'),
    diameter: z.number().positive().default(0.5).describe('Inner diameter in m'),
    wave_speed: z.number().positive().default(1000).describe('m/s; moved by at most 1 % to Courant number 1'),
  })).min(1).describe('One after the other'),
  stations: z.array(z.strictObject({ position: z.number().min(0), flow_meter: z.boolean().default(false) })).min(2).describe('m from the inlet; pressure is measured at all of them'),
  pump: z.strictObject({ shutoff_head: z.number().positive(), curvature: z.number().min(0), max_speed: z.number().positive().default(3600) }).optional().describe('Head in m = shutoff_head speed^2 - curvature Q^2, Q in m3/s'),
  outlet_valve: z.strictObject({ diameter: z.number().positive(), discharge_coefficient: z.number().positive().default(0.84) }).optional(),
});

/** What a campaign of simulated cases is made of. */
export const campaignKeys = {
  design: z.enum(['random', 'factorial']).default('random').describe('`random`: quantities are drawn, and each of a list of `levels` is taken by as many cases. `factorial`: all lists of `levels` are crossed'),
  cases: z.int().min(0).default(20).describe('Leak cases, each with a twin; in a factorial design the repetitions of each combination'),
  leak_free: z.int().min(0).default(0).describe('Further cases without leak, with operating points of their own'),
  seed: z.int().default(1).describe('Another seed is another campaign of the same family'),
  duration_seconds: z.number().min(60).default(1200).describe('Length of every run'),
  leak_free_seconds: z.number().min(60).nullable().default(null).describe('Length of the leak-free runs; null takes `duration_seconds`. Where longer, late times are healthy by the clock'),
  sampling_seconds: z.number().positive().default(1).describe('Seconds between rows'),
  cell_length: z.number().positive().nullable().default(null).describe('Length of the simulator\'s cells in m; null takes 100. Time goes with its inverse square'),
  leak: z.strictObject({
    percent: factor.default([0.5, 10]).describe('Size in % of the initial flow: a range, drawn log-uniform, or `{levels: [...]}`'),
    minimum_multiples: factor.nullable().default(null).describe('Size as a multiple of the least detectable leak of API 1149; goes before `percent`'),
    minimum: z.strictObject({
      minutes: z.number().positive().default(10).describe('Averaging time of the bound'),
      z: z.number().positive().default(1.96).describe('1.96 for 95 %, 2.576 for 99 %'),
      flow_uncertainty_percent: z.number().min(0).nullable().default(null).describe('Standard deviation of a mean flow; null takes that of `instruments`'),
      line_pack_m3: z.number().min(0).nullable().default(null).describe('Standard deviation of the line pack; null takes what the pressure noise gives'),
    }).prefault({}).describe('The least detectable leak: z sqrt(2 flow^2 + 2 (line pack / time)^2)'),
    common_random_numbers: z.boolean().default(true).describe('Where sizes are `levels`: each case in every size, alike in all else, with one twin'),
    position: factor.default([0.05, 0.95]).describe('Place as a fraction of the length'),
    onset: factor.default([0.1, 0.9]).describe('Onset as a fraction of the run; fixed levels tell the clock when leaks are'),
    ramp_seconds: factor.default([1, 30]).describe('Opening ramp: bursts take seconds, thefts 1800 and more'),
    seconds: pair.nullable().default(null).describe('From opening to shut; null takes 5 to 7.5 % of the run'),
  }).prefault({}).describe('Size, place and course of the leaks'),
  operating: z.strictObject({
    velocity: factor.default([1.2, 1.7]).describe('m/s in the first pipe'),
    pump_speed: pair.default([0.85, 0.97]).describe('Fraction of full speed'),
    friction_factor: pair.default([0.014, 0.02]).describe('Darcy friction factor of all pipes'),
    suction_pressure: pair.default([3e5, 5e5]).describe('Pa absolute'),
    outlet_pressure: pair.default([3e5, 7e5]).describe('Pa absolute'),
    valve_opening: pair.default([0.2, 0.8]).describe('Of the outlet valve; points outside are drawn again'),
  }).prefault({}).describe('Ranges of operating points'),
  disturbances: z.array(disturbance).min(1).default(['events']).describe('What happens beside leaks, as levels; name one twice to have it twice as often'),
  most_events: z.int().min(0).default(3).describe('Pump speed changes and valve moves per case, each from 0 to this number'),
  batch_density: pair.default([0.94, 1.06]).describe('Density of a batch over that of the fluid before it'),
  fluids: z.array(fluid).default([]).describe('Fluids, as levels; empty takes that of the line'),
  lines: z.array(line).default([]).describe('Lines, as levels; empty takes the built-in line of 20 km over two hills'),
  instruments: z.strictObject({
    flow_noise_percent: z.number().min(0).default(0.25).describe('Standard deviation, of the reading'),
    flow_bias_percent: z.number().min(0).default(0).describe('Standard deviation of a meter\'s constant error, of the reading; drawn per case and meter'),
    flow_span: z.number().positive().default(400).describe('kg/s'),
    pressure_noise_percent: z.number().min(0).default(0.05).describe('Standard deviation, of span'),
    pressure_bias_percent: z.number().min(0).default(0).describe('Standard deviation of a sensor\'s constant error, of span'),
    pressure_span: z.number().positive().default(6e6).describe('Pa'),
    deadband_percent: z.number().min(0).default(0).describe('Of span: values that move less are held'),
    scan_seconds: z.number().min(0).default(0).describe('Seconds between scans of a sensor, each with a phase of its own; 0: every row'),
    clock_skew_seconds: z.number().min(0).default(0).describe('Standard deviation of the clock error of a station'),
  }).prefault({}).describe('What the instruments do to the truth'),
};
