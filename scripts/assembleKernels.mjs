// Assembles kernels in WebAssembly's text form to bytes, kept beside them in ...KernelBytes.ts: `node scripts/assembleKernels.mjs`.
// It knows the part of WebAssembly's text form that the kernels use: folded instructions, named locals, labels and functions; and two short
// forms of its own for operands: `$x` for `(local.get $x)`, and a number for `(i32.const ...)`.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
/** Modules, without the ending `s.wat` of their files, and what else belongs to them. */
export const kernels = ['src/olga/kernels/rowKernel', 'src/signal/kernels/windowKernel', 'src/table/compression/pageKernel'];
const further = { 'src/table/compression/pageKernel': ['src/table/compression/huffmanKernels.wat', 'src/table/compression/weightKernels.wat'] };

const types = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

const plain = {
  select: 0x1b, return: 0x0f, 'i32.eqz': 0x45, 'i32.eq': 0x46, 'i32.ne': 0x47, 'i32.lt_s': 0x48, 'i32.lt_u': 0x49, 'i32.gt_s': 0x4a,
  'i32.gt_u': 0x4b, 'i32.le_s': 0x4c, 'i32.le_u': 0x4d, 'i32.ge_s': 0x4e, 'i32.ge_u': 0x4f, 'f64.eq': 0x61, 'f64.ne': 0x62, 'f64.lt': 0x63,
  'f64.gt': 0x64, 'f64.le': 0x65, 'f64.ge': 0x66, 'i32.add': 0x6a, 'i32.sub': 0x6b, 'i32.mul': 0x6c, 'i32.div_u': 0x6e, 'i32.clz': 0x67, 'i32.and': 0x71, 'i32.or': 0x72,
  'i32.shl': 0x74, 'i32.shr_s': 0x75, 'i32.shr_u': 0x76, 'f64.abs': 0x99, 'f64.sqrt': 0x9f, 'f64.add': 0xa0, 'f64.sub': 0xa1,
  'i64.or': 0x84, 'i64.shl': 0x86, 'i64.shr_u': 0x88, 'i64.extend_i32_u': 0xad,
  'f64.mul': 0xa2, 'f64.div': 0xa3, 'f64.min': 0xa4, 'f64.max': 0xa5, 'f64.convert_i32_s': 0xb7,
  'i32.wrap_i64': 0xa7, 'i64.reinterpret_f64': 0xbd, 'f64.reinterpret_i64': 0xbf,
};
const vector = {
  'i8x16.splat': 15, 'i8x16.eq': 35, 'i8x16.le_u': 42, 'i8x16.all_true': 99, 'i16x8.narrow_i32x4_s': 133, 'i32x4.dot_i16x8_s': 186, 'i32x4.add': 174,
  'v128.and': 78, 'v128.or': 80, 'v128.xor': 81, 'i64x2.shr_u': 205, 'f32x4.pmin': 234, 'f32x4.pmax': 235, 'f64x2.abs': 236, 'f64x2.add': 240, 'f64x2.sub': 241, 'f64x2.mul': 242,
  'f64x2.div': 243, 'f64x2.pmin': 246, 'f64x2.pmax': 247, 'f64x2.splat': 20, 'f32x4.demote_f64x2_zero': 94,
};
const lanes = { 'i8x16.extract_lane_u': 22, 'i64x2.extract_lane': 29, 'i32x4.extract_lane': 27, 'f64x2.extract_lane': 33, 'f64x2.replace_lane': 34 };
// Opcode and the alignment that belongs to it.
const memory = {
  'i32.load': [[0x28], 2], 'i32.load8_u': [[0x2d], 0], 'f64.load': [[0x2b], 3],
  'i32.store': [[0x36], 2], 'i32.store8': [[0x3a], 0], 'i64.store': [[0x37], 3], 'f64.store': [[0x39], 3],
};
const vectorMemory = { 'v128.load': [0, 4], 'v128.load32_splat': [9, 2], 'v128.load64_splat': [10, 3], 'v128.store': [11, 4] };

/** The tree of the text: lists are arrays, words are strings. */
function parse(text) {
  const words = text.replace(/;;.*$/gm, '').match(/[()]|"[^"]*"|[^\s()]+/g);
  let at = 0;
  const list = () => {
    const items = [];
    while (words[at] !== ')') items.push(words[at] === '(' ? (at++, list()) : words[at++]);
    at++;
    return items;
  };
  at++;
  return list();
}

function unsigned(value) {
  const bytes = [];
  do {
    const low = value & 0x7f;
    value >>>= 7;
    bytes.push(value ? low | 0x80 : low);
  } while (value);
  return bytes;
}

function signed(value) {
  const bytes = [];
  for (;;) {
    const low = value & 0x7f;
    value >>= 7;
    if ((value === 0 && !(low & 0x40)) || (value === -1 && low & 0x40)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

const float = (text) => [...new Uint8Array(Float64Array.of(Number(text)).buffer)];
const vectorOf = (items) => [...unsigned(items.length), ...items.flat()];
const named = (text) => vectorOf([...new TextEncoder().encode(text)].map((byte) => [byte]));
const section = (id, body) => [id, ...unsigned(body.length), ...body];

function assemble(texts) {
  const fields = texts.flatMap((text) => parse(text).slice(1));
  const functions = fields.filter(([kind]) => kind === 'func').map(describe);
  const indexOf = Object.fromEntries(functions.flatMap(({ name }, index) => (name ? [[name, index]] : [])));
  const bodies = functions.map((f) => {
    const locals = Object.fromEntries([...f.params, ...f.locals].map(([name], index) => [name, index]));
    const code = [...f.body.flatMap((item) => instruction(item, { locals, functions: indexOf, labels: [] })), 0x0b];
    const body = [...vectorOf(f.locals.map(([, type]) => [1, types[type]])), ...code];
    return [...unsigned(body.length), ...body];
  });
  const exported = functions.flatMap((f, index) => (f.exported ? [[...named(f.exported), 0, ...unsigned(index)]] : []));
  return Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, vectorOf(functions.map((f) => [0x60, ...vectorOf(f.params.map(([, type]) => [types[type]])), ...vectorOf(f.results.map((type) => [types[type]]))]))),
    ...section(3, vectorOf(functions.map((_, index) => unsigned(index)))),
    ...section(5, vectorOf([[0, 1]])),
    ...section(7, vectorOf([[...named('memory'), 2, 0], ...exported])),
    ...section(10, vectorOf(bodies)),
  ]);
}

function describe([, ...items]) {
  const f = { name: undefined, exported: undefined, params: [], results: [], locals: [], body: [] };
  if (typeof items[0] === 'string') f.name = items.shift();
  for (const item of items) {
    if (item[0] === 'export') f.exported = item[1].slice(1, -1);
    else if (item[0] === 'param') f.params.push([item[1], item[2]]);
    else if (item[0] === 'result') f.results.push(item[1]);
    else if (item[0] === 'local') f.locals.push([item[1], item[2]]);
    else f.body.push(item);
  }
  return f;
}

/** A folded instruction: its operands, then itself. */
function instruction(item, scope) {
  if (typeof item === 'string') return instruction([item.startsWith('$') ? 'local.get' : 'i32.const', item], scope);
  const [name, ...rest] = item;
  const inner = (items) => items.flatMap((item) => instruction(item, scope));
  const within = (label, items) => items.flatMap((item) => instruction(item, { ...scope, labels: [label, ...scope.labels] }));
  const depth = (label) => {
    const found = scope.labels.indexOf(label);
    if (found < 0) throw new Error(`no label ${label}`);
    return unsigned(found);
  };
  if (name === 'block' || name === 'loop') return [name === 'block' ? 0x02 : 0x03, 0x40, ...within(rest[0], rest.slice(1)), 0x0b];
  if (name === 'if') {
    const [condition, [, ...then], otherwise] = rest;
    return [...inner([condition]), 0x04, 0x40, ...within('', then), ...(otherwise ? [0x05, ...within('', otherwise.slice(1))] : []), 0x0b];
  }
  if (name === 'br' || name === 'br_if') return [...inner(rest.slice(1)), name === 'br' ? 0x0c : 0x0d, ...depth(rest[0])];
  if (name === 'call') return [...inner(rest.slice(1)), 0x10, ...unsigned(scope.functions[rest[0]])];
  if (name === 'local.get' || name === 'local.set') {
    const index = scope.locals[rest[0]];
    if (index === undefined) throw new Error(`no local ${rest[0]}`);
    return [...inner(rest.slice(1)), name === 'local.get' ? 0x20 : 0x21, ...unsigned(index)];
  }
  if (name === 'i32.const') return [0x41, ...signed(Number(rest[0]))];
  if (name === 'i64.const') return [0x42, ...signed(Number(rest[0]))];
  if (name === 'f64.const') return [0x44, ...float(rest[0])];
  if (name === 'v128.const') return [0xfd, ...unsigned(12), ...rest.slice(1).flatMap(rest[0] === 'f64x2' ? float : (text) => [...new Uint8Array(BigInt64Array.of(BigInt(text)).buffer)])];
  if (name === 'i8x16.shuffle') return [...inner(rest.slice(16)), 0xfd, ...unsigned(13), ...rest.slice(0, 16).map(Number)];
  if (name in lanes) return [...inner(rest.slice(1)), 0xfd, ...unsigned(lanes[name]), Number(rest[0])];
  const access = memory[name] ?? (vectorMemory[name] && [[0xfd, ...unsigned(vectorMemory[name][0])], vectorMemory[name][1]]);
  if (access) {
    const offset = typeof rest[0] === 'string' && rest[0].startsWith('offset=') ? Number(rest.shift().slice('offset='.length)) : 0;
    return [...inner(rest), ...access[0], access[1], ...unsigned(offset)];
  }
  if (name in plain) return [...inner(rest), plain[name]];
  if (name in vector) return [...inner(rest), 0xfd, ...unsigned(vector[name])];
  throw new Error(`unknown instruction ${name}`);
}

/** The text of a kernel's ...Bytes.ts. */
export async function kernelBytes(kernel) {
  const files = [`${kernel}s.wat`, ...(further[kernel] ?? [])];
  const bytes = assemble(await Promise.all(files.map((file) => readFile(new URL(file, root), 'utf8'))));
  if (!WebAssembly.validate(bytes)) await WebAssembly.compile(bytes);
  const name = kernel.split('/').at(-1);
  const sources = files.map((file) => file.split('/').at(-1)).join(', ');
  const lines = Buffer.from(bytes).toString('base64').match(/.{1,120}/g).map((line) => `  '${line}',`);
  return [`// Assembled from ${sources} by scripts/assembleKernels.mjs; edit there.`, `export const ${name}Bytes: string = [`, ...lines, `].join('');`, ''].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const kernel of kernels) await writeFile(new URL(`${kernel}Bytes.ts`, root), await kernelBytes(kernel));
