import { BENCHMARKS } from './benchmarks.js';
import { UsageError } from './run/options.js';
import { run } from './run/run.js';

const WRONG_USAGE = 2;

try {
  process.exitCode = await run(process.argv.slice(2), BENCHMARKS);
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = error instanceof UsageError ? WRONG_USAGE : 1;
}
// Temporal's runtime and Kafka's clients keep threads and sockets of their own.
process.exit();
