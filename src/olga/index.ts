export { detectKind, type OlgaKind } from './detectKind.js';
export { readTpl } from './readTpl.js';
export { streamTpl, type StreamTplOptions, type TplChunk, type TplSource, type TplStreamEnd, type TplStreamHeader, type TplStreamRows } from './streamTpl.js';
export type {
  ColumnMemory,
  LineEnding, ReadTplOptions, ShortRows, TextEncoding, TplBranch, TplFile, TplGeometry, TplLines, TplLocation, TplSegment, TplVariable, Warning,
} from './tplFile.js';
export { readPpl } from './readPpl.js';
export { pplTable } from './pplTable.js';
export type { PplFile, PplVariable, ReadPplOptions } from './pplFile.js';
export { readGenkey } from './readGenkey.js';
export type { Genkey, GenkeyAssignment, GenkeyComponent, GenkeyScalar, GenkeyStatement } from './genkeyFile.js';
export { parseGenkeyValue, setGenkeyBytes, setGenkeyValue } from './setGenkeyValue.js';
export { findAssignment, type GenkeyValue, type SetGenkeyOptions } from './genkeyEdit.js';
export { lineGeometry, type FlowPath, type LineGeometry, type Pipe } from './lineGeometry.js';
export { deriveLeaks, type DeriveLeaksOptions, type Leaks } from './deriveLeaks.js';
export type { Leak, LeakInterval } from './leak.js';
export { dimensionOf } from './units.js';
export { convertUnits, type ConvertUnitsOptions, type UnitSystem } from './convertUnits.js';
export { canonicalNames } from './canonicalNames.js';
export { fitsColumn, isVariable, matchesAny, misspelt } from './matchColumns.js';
export { toBasic, unitScale, type Dimension } from './units.js';
export { columnRoles } from './columnRoles.js';
export { fileFacts, pairFiles, type CasePair, type FileFacts, type Pairing, type SourceFile } from './pairFiles.js';
export { readCase, type OlgaCase, type ReadCaseOptions } from './readCase.js';
export { streamCase, type StreamCaseOptions, type StreamedCase } from './streamCase.js';
export type { CaseInput, CaseNames, CaseSummary } from './caseInput.js';
