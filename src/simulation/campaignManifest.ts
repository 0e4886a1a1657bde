import type { CaseSpec, CaseTruth } from './caseTypes.js';
import { openIntervals } from './schedule.js';

export interface ManifestCase {
  readonly name: string;
  readonly kind: CaseSpec['kind'];
  /** Of a leak case: the name of its twin. Of a twin: the name of its leak case. */
  readonly partner?: string;
  readonly seed: number;
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
  const twins = new Map(specs.flatMap((spec) => (spec.twinOf === undefined ? [] : [[spec.twinOf, spec.name]])));
  const [first] = specs;
  return {
    source: 'simulation',
    cases: specs.length,
    leakCases: specs.filter((spec) => spec.kind === 'leak').length,
    durationSeconds: first?.durationSeconds ?? 0,
    lineLength: first?.line.pipes.reduce((sum, pipe) => sum + pipe.length, 0) ?? 0,
    stations: first?.line.stations.map((station) => station.position) ?? [],
    list: specs.map((spec) => manifestCase(spec, spec.twinOf ?? twins.get(spec.name), byName.get(spec.name))),
  };
}

function manifestCase(spec: CaseSpec, partner: string | undefined, truth: CaseTruth | undefined): ManifestCase {
  const planned = spec.leak.diameter > 0 ? openIntervals(spec.leak.opening, spec.durationSeconds) : [];
  return {
    name: spec.name, kind: spec.kind, ...(partner === undefined ? {} : { partner }), seed: spec.seed,
    leakPosition: truth?.leakPosition ?? spec.leak.position, leakDiameter: spec.leak.diameter, intervals: truth?.intervals ?? planned,
    ...(truth === undefined ? {} : { initialFlow: truth.initialFlow, massBalance: truth.massBalance }),
  };
}
