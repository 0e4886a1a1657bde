#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { Queue } from '../pipelines/definePipeline.js';
import { pipelines } from '../pipelines/index.js';
import { defaultConfig } from '../pipelines/resolveSection.js';
import { exitCode, fail } from './output.js';

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];
const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('expected a number above 0');
  return value;
};
const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number, 0 or more');
  return value;
};

/** Each command's code is loaded when it is called, so that `--help` answers at once. */
function program(): Command {
  const penstock = new Command('penstock').description('Leak detection and industrial time-series ML pipelines on Temporal').version('0.1.0').exitOverride();
  penstock.addHelpText('after', `\nSections:\n${pipelines.map((p) => `  ${p.section.padEnd(34)} ${p.summary}`).join('\n')}\n\nExit codes: 0 done, 1 the run failed, 2 wrong usage or configuration, 3 no server or tool, 130 interrupted`);

  penstock.command('run <section>').description('run a section of the configuration and wait for its end')
    .option('-c, --config <file>', 'configuration file', defaultConfig)
    .option('--set <key=value>', 'put a value over the file\'s, such as features_pipeline.wavelet_level=3', collect, [])
    .option('--force', 'run even if nothing changed')
    .option('--only <what>', '`quarantined`: run again only what could not be processed')
    .option('--json', 'print one JSON document on standard output')
    .action(async (section: string, options: import('./run.js').RunOptions) => {
      const { run } = await import('./run.js');
      process.exitCode = await run(section, options);
    });
  penstock.command('status <workflow-id>').description('show where a run stands').option('--json', 'print one JSON document')
    .action(async (id: string, options: { json?: boolean }) => (await import('./status.js')).status(id, options));
  penstock.command('study <action> <workflow-id> [value]')
    .description('best, trials, pause, resume, stop, add N, parallelism N, enqueue JSON, ask N, tell JSON: ask a running study something, or wish something of it')
    .option('--json', 'print one JSON document')
    .action(async (action: string, id: string, value: string | undefined, options: { json?: boolean }) => (await import('./study.js')).study(action, id, value, options));
  penstock.command('dev').description('start server, Web UI and worker, until Ctrl-C')
    .option('--ui-port <port>', 'port of the Web UI, if it is free', whole, 8233)
    .action(async (options: { uiPort: number }) => (await import('./dev.js')).dev(options));
  penstock.command('worker [queues...]').description('serve task queues of the server that TEMPORAL_ADDRESS names (all three by default)')
    .option('--health-port <port>', 'port of the health endpoint', whole)
    .action(async (queues: Queue[], options: { healthPort?: number }) => (await import('./worker.js')).worker(queues, options));
  penstock.command('simulate').description('write a campaign of OLGA-style cases, each leak case with a twin')
    .requiredOption('-o, --out <folder>', 'folder to write to')
    .option('-n, --cases <count>', 'leak cases', whole, 20)
    .option('--leak-free <count>', 'further cases without a leak', whole, 0)
    .option('--seed <number>', 'seed of the campaign', whole, 1)
    .option('--duration <seconds>', 'length of each case', whole, 1200)
    .option('--section <section>', 'a section of the configuration that designs the campaign, in place of these numbers')
    .option('-c, --config <file>', 'configuration file of the section', defaultConfig)
    .option('--only <case>', 'write one case alone, or with `case_0042` all sizes and the twin: the same bytes as in the campaign')
    .option('--json', 'print one JSON document')
    .action(async (options: import('./simulate.js').SimulateOptions) => (await import('./simulate.js')).simulate(options));
  penstock.command('inspect <file>').description('show what a .tpl or .ppl holds: variables, roles, leaks')
    .option('-o, --out <file>', 'also write it as Parquet: the series of a .tpl with its labels, the profiles of a .ppl in long form')
    .option('--json', 'print one JSON document')
    .action(async (file: string, options: import('./inspect.js').InspectOptions) => (await import('./inspect.js')).inspect(file, options));
  penstock.command('predict <bundle> <files...>').description('score recordings (.tpl, .parquet, .csv) with a bundle: alarms, or why there is no score')
    .option('--persistence <windows>', 'windows in a row above the threshold before an alarm is raised', whole, 2)
    .option('--hold-off <seconds>', 'alarms closer together than this are one', whole, 60)
    .option('--wave-speed <m/s>', 'speed of pressure waves, which locate the leak of an alarm; by default the recording\'s speed of sound', positive)
    .option('-o, --out <file>', 'write the scores of all windows, .parquet or .csv')
    .option('--json', 'print one JSON document')
    .action(async (bundle: string, files: string[], options: import('./predict.js').PredictOptions) => {
      const { predict } = await import('./predict.js');
      process.exitCode = await predict(bundle, files, options);
    });
  penstock.command('validate-model').description('judge a model: artifacts, schema, roles, inference, thresholds; exit code 0 where it passes, 1 where it does not')
    .option('-c, --config <file>', 'validation file, or a configuration with validate_model_pipeline', 'configs/model_validation_config.yml')
    .option('--set <key=value>', 'put a value over the file\'s, such as model.path=data/training/new', collect, [])
    .option('--json', 'print the report as one JSON document')
    .action(async (options: import('./validateModel.js').ValidateModelOptions) => {
      process.exitCode = await (await import('./validateModel.js')).validateModel(options);
    });
  addGenkey(penstock);
  addConfig(penstock);
  addSchedules(penstock);
  return penstock;
}

function addGenkey(penstock: Command): void {
  const genkey = penstock.command('genkey').description('read and change single values of an OLGA input file');
  const which = (command: Command): Command => command.option('--occurrence <n>', 'which of several statements, from 1', whole).option('--label <text>', 'the statement with this LABEL');
  which(genkey.command('get <file> [path]')).description('print statements (KEYWORD) or a value (KEYWORD.KEY)').option('--json', 'print one JSON document')
    .action(async (file: string, path: string | undefined, options: import('./genkey.js').GetOptions) => (await import('./genkey.js')).getValue(file, path, options));
  which(genkey.command('set <file> <assignment>')).description('change one value, KEYWORD.KEY=value, and no other byte').option('-o, --out <file>', 'file to write; by default the file itself')
    .action(async (file: string, assignment: string, options: import('./genkey.js').SetOptions) => (await import('./genkey.js')).setValue(file, assignment, options));
}

function addConfig(penstock: Command): void {
  const config = penstock.command('config').description('check and describe configuration');
  config.command('validate [file]').description('check a configuration file').option('--json', 'print one JSON document')
    .action(async (file: string | undefined, options: { json?: boolean }) => (await import('./config.js')).validateFile(file ?? defaultConfig, options));
  config.command('schema [section]').description('print the JSON Schema of a section, or of the whole file')
    .action(async (section?: string) => (await import('./config.js')).printSchema(section));
  config.command('example [section]').description('print a complete example')
    .action(async (section?: string) => (await import('./config.js')).printExample(section));
}

function addSchedules(penstock: Command): void {
  const schedules = penstock.command('schedules').description('schedules from manifests');
  schedules.command('apply [folder]').description('bring the server in line with the manifests').option('--json', 'print one JSON document')
    .action(async (folder: string | undefined, options: { json?: boolean }) => (await import('./schedules.js')).apply(folder ?? 'deploy/schedules', options));
  schedules.command('list').description('show schedules with what they started and skipped').option('--json', 'print one JSON document')
    .action(async (options: { json?: boolean }) => (await import('./schedules.js')).list(options));
}

const wantsJson = process.argv.includes('--json');
try {
  await program().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  else process.exitCode = fail(error, wantsJson);
}
// Native handles (the worker's core, the pool) may outlive their close; what is to be said has been said.
process.stdout.write('', () => process.exit());
