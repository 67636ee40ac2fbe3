import { audit } from './cli/audit.js';
import { bench } from './cli/bench.js';
import { campaign } from './cli/campaign.js';
import { compare } from './cli/compare.js';
import { supervise } from './cli/daemon.js';
import { dev } from './cli/dev.js';
import { operate } from './cli/operate.js';
import { start } from './cli/start.js';
import { reset, stop } from './cli/stop.js';
import { surviveClosedTerminal } from './cli/terminal.js';
import { test } from './cli/test.js';
import { token } from './cli/token.js';
import { StartError } from './start-error.js';
import { USAGE, UsageError } from './cli/usage.js';

const COMMANDS: Record<string, (args: string[]) => Promise<number>> = {
  start,
  stop,
  reset,
  token,
  dev,
  test,
  bench,
  campaign,
  compare,
  audit: (args) => audit(args),
  replay: operate('replay'),
  export: operate('export'),
  versions: operate('versions'),
  supervise,
};

async function run([name = '', ...args]: string[]): Promise<number> {
  const command = COMMANDS[name];
  if (!command) throw new UsageError(USAGE);
  return command(args);
}

const hasOrigin = (error: unknown): boolean =>
  !(error instanceof UsageError || error instanceof StartError) &&
  !(error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');

/** What a person can do something about is told in its own words, anything else with its origin. */
function tell(error: unknown): void {
  for (const each of error instanceof AggregateError ? (error.errors as unknown[]) : [error])
    console.error(hasOrigin(each) ? each : (each as Error).message);
}

surviveClosedTerminal();
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  tell(error);
  process.exitCode = 1;
}
// Whatever else is still open (a terminal that is read, the launcher's channel) keeps nobody waiting.
process.exit();
