import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Children } from './children.js';
import { type Tally, tallyOfChecks } from './tally.js';

/** The repository's checks that need no service (lint, types, …), where the root has a script for them. */
export async function runChecks(repository: string, children: Children): Promise<Tally> {
  const root = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  if (!root.scripts['checks']) return { passed: 0, failed: 0 };
  const { code, output } = await children.run('pnpm', ['--silent', 'run', 'checks'], {
    cwd: repository,
    capture: true,
  });
  process.stdout.write(output);
  return tallyOfChecks(output, code);
}
