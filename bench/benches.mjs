import { ingestCases } from './ingestCases.mjs';
import { largeFile } from './largeFile.mjs';
import { memory } from './memory.mjs';
import { onnxInference } from './onnxInference.mjs';
import { offline } from './offline.mjs';
import { readTpl } from './readTpl.mjs';
import { scaling } from './scaling.mjs';
import { training } from './training.mjs';
import { suggestion } from './suggestion.mjs';
import { trials } from './trials.mjs';
import { windowFeatures } from './windowFeatures.mjs';

/** Every bench by its name. Each answers rows: what, against whom, the ratio with its spread, and the target where there is one. */
export const benches = {
  'read-tpl': readTpl,
  'ingest-cases': ingestCases,
  'window-features': windowFeatures,
  offline,
  scaling,
  trials,
  suggestion,
  memory,
  'large-file': largeFile,
  training,
  'onnx-inference': onnxInference,
};
