// `node readTrend.mjs WAY FILE REPEATS`: seconds of the first read of this process and of each of REPEATS further ones. WAY `whole`
// reads the file, then its text; `streamed` takes it piece by piece and keeps the columns in chunks.
import { createReadStream, readFileSync } from 'node:fs';
import { readTpl, streamTpl } from '../../dist/src/olga/index.js';

const ways = {
  async whole(path) {
    const { rows, columns, time } = readTpl(readFileSync(path));
    return { rows, chunks: [[time.seconds, ...columns]] };
  },
  async streamed(path) {
    const chunks = [];
    let rows = 0;
    for await (const chunk of streamTpl(createReadStream(path, { highWaterMark: 2 ** 20 }))) {
      if (chunk.kind === 'rows') chunks.push([chunk.seconds, ...chunk.columns]);
      else if (chunk.kind === 'end') rows = chunk.rows;
    }
    return { rows, chunks };
  },
};
const [, , way, path, repeats] = process.argv;
const timed = async () => {
  const started = performance.now();
  const table = await ways[way](path);
  return { seconds: (performance.now() - started) / 1000, table };
};
const first = await timed();
const again = [];
for (let n = 0; n < Number(repeats); n++) again.push((await timed()).seconds);
const { rows, chunks } = first.table;
const sums = chunks[0].map((_, column) => chunks.reduce((sum, chunk) => chunk[column].reduce((part, value) => part + value, sum), 0));
console.log(JSON.stringify({ first: first.seconds, again, rows, sums }));
