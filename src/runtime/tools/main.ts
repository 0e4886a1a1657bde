/** `node dist/src/runtime/tools/main.js [temporal|lightgbm|s3|all]...`: prepares external programs; prints a line for each step. */
import { PenstockError, describeError } from '../../errors/index.js';
import { obtainLightgbm } from './lightgbm.js';
import { obtainTemporalCli } from './temporalCli.js';
import { obtainVersitygw } from './versitygw.js';

const report = (line: string): void => void process.stderr.write(`${line}\n`);
const tools = { temporal: obtainTemporalCli, lightgbm: obtainLightgbm, s3: obtainVersitygw } as const;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => name !== 'all' && !Object.hasOwn(tools, name));
if (unknown.length > 0) {
  report(`unknown tool ${unknown.join(', ')}; allowed are ${Object.keys(tools).join(', ')}, all`);
  process.exit(2);
}
for (const [name, obtain] of Object.entries(tools)) {
  if (asked.length > 0 && !asked.includes('all') && !asked.includes(name)) continue;
  try {
    process.stdout.write(`${name} ${await obtain(report)}\n`);
  } catch (error) {
    report(error instanceof PenstockError ? describeError(error) : String(error));
    process.exitCode = 1;
  }
}
