import { PenstockError } from '../errors/index.js';
import { locationValue } from './catalogLine.js';
import { encodingOf, lineCursor, skipLineEnd, type LineCursor } from './lineCursor.js';
import { readOddLine } from './oddTokens.js';
import { parseDecimal, parsed } from './parseDecimal.js';
import type { PplFile, PplVariable, ReadPplOptions } from './pplFile.js';
import { sameLabel } from './readGenkey.js';
import { readHeader } from './readTplHeader.js';
import { textBytes } from './textBytes.js';
import type { LineEnding, TplBranch, TplVariable, Warning } from './tplFile.js';
import { secondsPer } from './units.js';

/**
 * Reads an OLGA profile file (.ppl). A step is its time and then, for every variable, one value per section of its
 * branch, or one more for BOUNDARY variables. Values are taken by count, so they may be wrapped over lines; but where the
 * first time has a line of its own, every time must, so that a missing value cannot shift the others. A step that is cut
 * at the end is dropped.
 *
 * Errors: `olga/not-olga`, `olga/truncated`, `olga/ragged-row` (a step of another length), `olga/syntax` (unknown time unit; a variable whose branch is not in the
 * geometry, so that its number of values is not known; a word among the numbers).
 */
export function readPpl(bytes: Uint8Array, options: ReadPplOptions = {}): PplFile {
  const { file } = options;
  const warnings: Warning[] = [];
  const text = textBytes(bytes);
  const cursor = lineCursor(text.bytes);
  const header = readHeader(cursor, 'PROFILE PLOT', file, warnings);
  const perUnit = secondsPer(header.timeUnit);
  if (perUnit === undefined) {
    throw new PenstockError('olga/syntax', `the time unit is ${JSON.stringify(header.timeUnit)}; allowed are S, M, MIN, H and D`, { file, line: cursor.line });
  }
  const all = header.variables.map((variable) => placed(variable, header.geometry.branches, file));
  const wanted = all.map((variable) => options.select?.(variable) ?? true);
  const { times, profiles, truncated } = readSteps(cursor, all, wanted, file, warnings);
  for (const [step, time] of times.entries()) {
    if (step > 0 && time < times[step - 1]!) warnings.push({ code: 'time-backwards', message: `time runs backwards at step ${step}; all steps are kept` });
  }
  const [first, second] = cursor.endings;
  const lineEnding: LineEnding = second === undefined ? (first ?? 'lf') : 'mixed';
  return {
    kind: 'profile', version: header.version, meta: header.meta, encoding: text.encoding ?? encodingOf(cursor), lineEnding, geometry: header.geometry,
    variables: all.filter((_, at) => wanted[at]),
    time: { unit: header.timeUnit, seconds: Float64Array.from(times, (time) => time * perUnit) },
    profiles: profiles.filter((_, at) => wanted[at]),
    steps: times.length, truncated, warnings,
  };
}

function placed(variable: TplVariable, branches: readonly TplBranch[], file: string | undefined): PplVariable {
  const [kind, name] = variable.location.keys.find(([key]) => branches.some((branch) => branch.kind === key.toUpperCase())) ?? ['BRANCH', locationValue(variable, 'BRANCH') ?? ''];
  const branch = branches.find((candidate) => candidate.kind === kind.toUpperCase() && sameLabel(candidate.name, name))
    ?? (branches.length === 1 ? branches[0] : undefined);
  if (branch === undefined) {
    throw new PenstockError('olga/syntax', `the variable ${variable.key} is along ${JSON.stringify(name)}, which the geometry does not have; it has ${branches.map((one) => one.name).join(', ') || 'no branch'}`, { file, key: variable.key });
  }
  const edges = branch.x;
  const x = variable.location.flag === 'BOUNDARY' ? edges : Float64Array.from({ length: edges.length - 1 }, (_, at) => (edges[at]! + edges[at + 1]!) / 2);
  return { ...variable, branch: branch.name, x, size: x.length };
}

interface Steps {
  readonly times: number[];
  readonly profiles: Float64Array[];
  readonly truncated: boolean;
}

function readSteps(cursor: LineCursor, variables: readonly PplVariable[], wanted: readonly boolean[], file: string | undefined, warnings: Warning[]): Steps {
  const perStep = variables.reduce((sum, { size }) => sum + size, 1);
  const step = new Float64Array(perStep);
  const source = numberSource(cursor, file);
  const times: number[] = [];
  let room = 16;
  let ownLines = true;
  let profiles = variables.map(({ size }, at) => new Float64Array(wanted[at] ? room * size : 0));
  for (;;) {
    let count = 0;
    let before = 0;
    let timeLine = 0;
    let alone = true;
    while (count < perStep) {
      before = source.line();
      const value = source.next();
      if (value === undefined) break;
      if (count === 0) timeLine = source.line();
      if ((count === 0 && times.length > 0 && timeLine === before) || (count === 1 && source.line() === timeLine)) alone = false;
      step[count++] = value;
    }
    if (times.length === 0) ownLines = alone;
    if (ownLines && !alone) throw new PenstockError('olga/ragged-row', `the values after step ${times.length - 1} do not end with a line: some are missing or too many`, { file, line: timeLine });
    const cut = count < perStep || (source.atEnd() && source.lastIsCut());
    if (count === 0) return finish(source.facts().cutWord);
    if (cut) return finish(true);
    if (Number.isNaN(step[0])) throw new PenstockError('olga/syntax', 'the time of a step is not a number', { file, line: cursor.line });
    if (times.length === room) {
      room *= 2;
      profiles = profiles.map((old, at) => {
        const larger = new Float64Array(wanted[at] ? room * variables[at]!.size : 0);
        larger.set(old);
        return larger;
      });
    }
    let from = 1;
    for (const [at, { size }] of variables.entries()) {
      if (wanted[at]) profiles[at]!.set(step.subarray(from, from + size), times.length * size);
      from += size;
    }
    times.push(step[0]!);
  }

  function finish(truncated: boolean): Steps {
    if (truncated) warnings.push({ code: 'truncated', message: `the step after ${times.length} complete ones is cut; it is left out`, line: cursor.line });
    const { notNumbers, firstNotNumber } = source.facts();
    if (notNumbers > 0) warnings.push({ code: 'not-a-number', message: `${notNumbers} values are NaN, infinite or stars in the file and NaN here`, line: firstNotNumber });
    return { times, profiles: profiles.map((profile, at) => profile.slice(0, times.length * (wanted[at] ? variables[at]!.size : 0))), truncated };
  }
}

/** The numbers of the file one by one, line structure aside. */
function numberSource(cursor: LineCursor, file: string | undefined) {
  const { bytes } = cursor;
  let glued: number[] = [];
  let notNumbers = 0;
  let firstNotNumber = 0;
  let lastStart = 0;
  let cutWord = false;
  let lastLine = 0;
  const skipBlanks = (): void => {
    while (cursor.at < bytes.length && bytes[cursor.at]! <= 32) {
      const byte = bytes[cursor.at]!;
      if (byte === 10 || byte === 13) skipLineEnd(cursor, cursor.at);
      else cursor.at++;
    }
  };
  return {
    next(): number | undefined {
      const waiting = glued.shift();
      if (waiting !== undefined) return waiting;
      skipBlanks();
      if (cursor.at >= bytes.length) return undefined;
      lastStart = cursor.at;
      lastLine = cursor.line + 1;
      const value = parseDecimal(bytes, cursor.at, bytes.length, 46);
      if (parsed.ok) {
        cursor.at = parsed.end;
        return value;
      }
      let token = '';
      while (cursor.at < bytes.length && bytes[cursor.at]! > 32) token += String.fromCharCode(bytes[cursor.at++]!);
      const odd = readOddLine(token, false);
      if (odd.unreadable !== undefined) {
        skipBlanks();
        // A number cut at its exponent is no word.
        if (cursor.at >= bytes.length) {
          cutWord = true;
          return undefined;
        }
        throw new PenstockError('olga/syntax', `${JSON.stringify(token.slice(0, 40))} stands among the numbers`, { file, line: cursor.line + 1 });
      }
      if (odd.notNumbers > 0 && notNumbers === 0) firstNotNumber = cursor.line + 1;
      notNumbers += odd.notNumbers;
      glued = odd.values;
      return glued.shift();
    },
    /** Number of the line of the last number. */
    line: (): number => lastLine,
    atEnd: (): boolean => glued.length === 0 && cursor.at >= bytes.length,
    /** At the end without a line end or blank, a number whose exponent is shorter than that of the one before it. */
    lastIsCut(): boolean {
      const exponent = (from: number, to: number): number => /[eEdD][+-]?\d*$/.exec(String.fromCharCode(...bytes.subarray(from, to)))?.[0].length ?? 0;
      let end = lastStart;
      while (end > 0 && bytes[end - 1]! <= 32) end--;
      let start = end;
      while (start > 0 && bytes[start - 1]! > 32) start--;
      return exponent(lastStart, bytes.length) < exponent(start, end);
    },
    facts: () => ({ notNumbers, firstNotNumber, cutWord }),
  };
}
