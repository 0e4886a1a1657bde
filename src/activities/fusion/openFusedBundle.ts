import { PenstockError } from '../../errors/index.js';
import { alignScores, fuse } from '../../fusion/index.js';
import { checkFiles, inferenceFile, readInference } from '../../learning/index.js';
import { medianStep } from '../../signal/index.js';
import { numbers, type Table } from '../../table/index.js';
import { openDetector, scoreColumn, scoreSeries, type CutSeries, type OpenBundle, type ScoredSeries } from '../scoreSeries.js';
import { fusionFile, memberPath, type FusionFile } from './fusedBundle.js';
import { lineScores, readLine } from './lineSensors.js';

/** A member with the name of its scores. */
interface Member {
  readonly name: string;
  readonly open: OpenBundle;
}

/** A fused bundle: scores by its members and by the detectors of the line become one probability of a leak. Throws `learning/bundle`. */
export async function openFusedBundle(files: ReadonlyMap<string, Uint8Array>): Promise<OpenBundle> {
  const { manifest, sha256 } = checkFiles(files, [fusionFile, inferenceFile]);
  const inference = readInference(files);
  const fusion = JSON.parse(new TextDecoder().decode(files.get(fusionFile))) as FusionFile;
  const members: Member[] = [];
  for (const { name } of fusion.members) members.push({ name, open: withoutSelection(await openDetector(filesBelow(files, memberPath(name)))) });
  const [first] = members;
  if (!first) throw new PenstockError('learning/bundle', 'the fusion has no member; the first one gives its windows', { file: fusionFile });
  const { on, off, persistence } = fusion.model.settings.decision;
  return {
    bundle: { inference, manifest, sha256 }, threshold: on, alarmRules: { persistence, offThreshold: off },
    prediction: { ...first.open.prediction, calibration: null, facts: {} },
    preparation: { ...first.open.preparation, windows: fusion.windows, measured: fusion.signals }, controls: first.open.controls,
    score: (cut, of) => scoreFusion(fusion, members, cut, of),
    further: [], scores: async (cut, of) => [Float64Array.from(numbers(await scoreFusion(fusion, members, cut, of), 'score'))],
    async close() {
      for (const { open } of members) await open.close();
    },
  };
}

async function scoreFusion(fusion: FusionFile, [first, ...others]: readonly Member[], cut: CutSeries, of: ScoredSeries): Promise<Table> {
  const table = await first!.open.score(cut, of);
  const at = numbers(table, 'end_time');
  const scores: Record<string, Float64Array> = { [first!.name]: Float64Array.from(numbers(table, 'score')) };
  for (const { name, open } of others) {
    const { table: own, facts } = await scoreSeries(open, cut.recorded, of);
    scores[name] = alignScores(at, numbers(own, 'end_time'), numbers(own, 'score'), facts.step_seconds);
  }
  const { line } = fusion;
  if (line) {
    const interval = fusion.windows.resample_seconds ?? medianStep(numbers(cut.series, 'time') as Float64Array);
    Object.assign(scores, lineScores(readLine(cut.series, line.sensors, interval), line.names, line.fitted, numbers(cut.index, 'end_row')));
  }
  const { probability, logRatio } = fuse(fusion.model, scores);
  return {
    ...table,
    columns: [
      ...table.columns.map((column) => (column.name === 'score' ? scoreColumn('score', probability) : column)),
      scoreColumn('log_ratio', logRatio), ...Object.entries(scores).map(([name, values]) => scoreColumn(`score_${name}`, values)),
    ],
  };
}

/** A recording need not have the signals that the member's training selected and its features do not use. */
function withoutSelection(open: OpenBundle): OpenBundle {
  return { ...open, preparation: { ...open.preparation, windows: { ...open.preparation.windows, selected_columns: [] } } };
}

function filesBelow(files: ReadonlyMap<string, Uint8Array>, folder: string): Map<string, Uint8Array> {
  return new Map([...files].flatMap(([path, bytes]) => (path.startsWith(folder) ? [[path.slice(folder.length), bytes] as const] : [])));
}
