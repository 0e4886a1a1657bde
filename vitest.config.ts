import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Rooms whose tests leave nothing behind in their process, so that files share one: loading the same modules anew costs more than most of them run. */
const sharing = [
  'activities', 'config', 'evaluation', 'fusion', 'learning', 'metrics', 'numeric', 'olga', 'pipelines', 'report', 'signal', 'simulation', 'storage', 'table', 'tuning',
].map((room) => `test/${room}/**/*.test.ts`);

/** The files that take longest, longest first: begun at the end, one of them would leave all cores but one without work. */
const longest = [
  'e2e/durability', 'e2e/browser', 'e2e/chain', 'e2e/runCommand', 'e2e/study', 'e2e/schedules', 'runtime/server', 'activities/realOlga', 'activities/training',
  'activities/usingModel', 'e2e/refusals', 'activities/ldsBayesian', 'activities/lightgbmTrials', 'runtime/connection', 'workflows/replay',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return place < 0 ? longest.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    // Vitest leaves one core to itself, which on two cores means one file after the other, though the long ones mostly wait.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: sharing } },
      { extends: true, test: { name: 'rooms', include: sharing, isolate: false } },
    ],
  },
});
