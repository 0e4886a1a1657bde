import type { CaseSpec, CaseTruth } from './caseTypes.js';
import type { Disturbance } from './campaignTypes.js';
import { openIntervals } from './schedule.js';

export interface ManifestCase {
  readonly name: string;
  readonly kind: CaseSpec['kind'];
  /** Of a leak case: the name of its twin. Of a twin: the name of its leak case. */
  readonly partner?: string;
  /** A case, its other sizes and its twin: what must stay on one side of a split. */
  readonly group: string;
  readonly seed: number;
  readonly durationSeconds: number;
  readonly disturbance?: Disturbance;
  /** Of a leak: its wanted share of the initial flow, and that over the least detectable leak of API 1149. */
  readonly size?: { readonly fraction: number; readonly ofMinimum: number };
  /** m from the inlet. */
  readonly leakPosition: number;
  /** m; 0 where nothing leaks. */
  readonly leakDiameter: number;
  /** Seconds; empty where nothing leaks. `peakFlow` (kg/s) where the case was simulated. */
  readonly intervals: readonly { readonly start: number; readonly end: number; readonly peakFlow?: number }[];
  /** kg/s, where the case was simulated. */
  readonly initialFlow?: number;
  readonly massBalance?: number;
}

/** What a campaign holds and where the truth lies. Plain JSON. */
export interface CampaignManifest {
  readonly source: 'simulation';
  readonly cases: number;
  readonly leakCases: number;
  readonly durationSeconds: number;
  /** m */
  readonly lineLength: number;
  /** m from the inlet. */
  readonly stations: readonly number[];
  readonly list: readonly ManifestCase[];
}

/** The truth of a campaign from its specs; with the truths of simulated cases (any order, any part) their flows are added. */
export function campaignManifest(specs: readonly CaseSpec[], truths: readonly CaseTruth[] = []): CampaignManifest {
  const byName = new Map(truths.map((truth) => [truth.name, truth]));
  return manifestOf(specs[0], specs.map((spec) => manifestCase(spec, byName.get(spec.name))));
}

/** The manifest from cases that were described one by one; `first` is the spec, or run and line, of any of them. */
export function manifestOf(first: Pick<CaseSpec, 'durationSeconds' | 'line'> | undefined, list: readonly ManifestCase[]): CampaignManifest {
  return {
    source: 'simulation',
    cases: list.length,
    leakCases: list.filter((one) => one.kind === 'leak').length,
    durationSeconds: first?.durationSeconds ?? 0,
    lineLength: first?.line.pipes.reduce((sum, pipe) => sum + pipe.length, 0) ?? 0,
    stations: first?.line.stations.map((station) => station.position) ?? [],
    list,
  };
}

/** What the manifest says of a case. */
export function manifestCase(spec: CaseSpec, truth?: CaseTruth): ManifestCase {
  const planned = spec.leak.diameter > 0 ? openIntervals(spec.leak.opening, spec.durationSeconds) : [];
  const group = groupOf(spec.name);
  const partner = spec.kind === 'leak' ? `${group}_twin` : spec.twinOf;
  return {
    name: spec.name, kind: spec.kind, ...(partner === undefined ? {} : { partner }), group, seed: spec.seed, durationSeconds: spec.durationSeconds,
    ...(spec.disturbance === undefined ? {} : { disturbance: spec.disturbance }), ...(spec.size === undefined ? {} : { size: spec.size }),
    leakPosition: truth?.leakPosition ?? spec.leak.position, leakDiameter: spec.leak.diameter, intervals: truth?.intervals ?? planned,
    ...(truth === undefined ? {} : { initialFlow: truth.initialFlow, massBalance: truth.massBalance }),
  };
}

/** `case_0001` of `case_0001_size2` and of `case_0001_twin`. */
export function groupOf(name: string): string {
  return name.replace(/_(size\d+|twin)$/, '');
}
