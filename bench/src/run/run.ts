import { writeFileSync } from 'node:fs';
import { type Benchmark } from './benchmark.js';
import { loadLine } from './load.js';
import { measure } from './measure.js';
import { optionsOf } from './options.js';
import { promisesOf, resultOf, type Result } from './result.js';
import { tableOf } from './table.js';

const ROUNDS = { usual: 5, quick: 3 };

async function runOne(benchmark: Benchmark, quick: boolean): Promise<Result> {
  const comparison = await benchmark.open({ quick });
  try {
    const samples = await measure(comparison, quick ? ROUNDS.quick : ROUNDS.usual);
    return resultOf(benchmark, samples, (await comparison.figures?.()) ?? []);
  } finally {
    await comparison.close();
  }
}

/**
 * Measures what the arguments name, prints the table, writes the file.
 * @returns 0 when everything ran, whatever the figures; 1 when something did not, or `--check` found a promise broken
 * @throws UsageError
 */
export async function run(args: string[], benchmarks: readonly Benchmark[]): Promise<number> {
  const names = benchmarks.map(({ name }) => name);
  const options = optionsOf(args, names);
  const group = options.engine ? 'engine' : undefined;
  const chosen = benchmarks.filter((each) =>
    options.names.length === 0 ? each.group === group : options.names.includes(each.name),
  );
  const results: Result[] = [];
  let failed = false;
  console.error(await loadLine());
  for (const benchmark of chosen) {
    console.error(`measuring ${benchmark.name} beside ${benchmark.best ? 'peers' : benchmark.against}`);
    try {
      results.push(await runOne(benchmark, options.quick));
    } catch (error) {
      failed = true;
      console.error(`${benchmark.name} failed:`, error);
    }
  }
  if (results.length > 0) console.log(tableOf(results));
  if (options.json !== undefined) writeEntries(options.json, results);
  const broken = results.flatMap(promisesOf).some(({ met }) => !met);
  return failed || (options.check && broken) ? 1 : 0;
}

const writeEntries = (file: string, results: readonly Result[]): void =>
  writeFileSync(
    file,
    `${JSON.stringify(
      results.map(({ entry }) => entry),
      null,
      2,
    )}\n`,
  );
