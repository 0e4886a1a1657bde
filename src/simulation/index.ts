export { solveLine } from './solver.js';
export { buildGrid, nearestNode } from './grid.js';
export { simulateCase } from './simulateCase.js';
export { describeRecording, imposeLeak, lineForRecording, recordedVelocity, type RecordedLine } from './imposeLeak.js';
export { defaultLine } from './defaultLine.js';
export { designCampaign, planCampaign, type CampaignPlan } from './designCampaign.js';
export { disturbances, type CampaignOptions, type Disturbance, type MinimumOptions, type OperatingRanges } from './campaignTypes.js';
export { campaignOptions, type CampaignSettings } from './campaignSettings.js';
export type { Factor, Range } from './factors.js';
export { minimumFraction, startState } from './leakSize.js';
export { campaignManifest, groupOf, manifestCase, manifestOf, type CampaignManifest, type ManifestCase } from './campaignManifest.js';
export { clockAucOfDesign, clockOnlyAuc, recommendedWarmupSeconds, type ClockOptions } from './clockOnlyAuc.js';
export { writeTpl, type TplColumn, type TplFile } from './writeTpl.js';
export { writeGenkey } from './writeGenkey.js';
export { defaultInstruments } from './instruments.js';
export type {
  Batch, Fluid, Grid, Inlet, InlineValve, Leak, LeakTrace, LineRun, LineSystem, Outlet, Pipe, Probe, Pump, Schedule, SolveOptions, Valve,
} from './types.js';
export type {
  CaseSpec, CaseTruth, Instruments, LeakInterval, Line, OperatingPoint, Sampling, SimulatedCase, Station,
} from './caseTypes.js';
