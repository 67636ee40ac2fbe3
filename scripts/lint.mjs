/** ESLint with types, a folder after the other: the programs of all of them at once do not fit into one heap. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const HEAP_MB = 6144;
const LARGE = ['packages', 'apps'];
const ignored = new Set([...LARGE, 'node_modules', '.git', '.agf', '.turbo']);
const rest = readdirSync('.', { withFileTypes: true })
  .filter((entry) => !ignored.has(entry.name) && (entry.isDirectory() || /\.[cm]?[jt]s$/.test(entry.name)))
  .map(({ name }) => name);

let failed = false;
for (const part of [...LARGE.map((folder) => [folder]), rest]) {
  const eslint = [`--max-old-space-size=${String(HEAP_MB)}`, 'node_modules/eslint/bin/eslint.js'];
  const options = ['--max-warnings', '0', '--no-error-on-unmatched-pattern'];
  const { status } = spawnSync(process.execPath, [...eslint, ...part, ...options], { stdio: 'inherit' });
  if (status !== 0) failed = true;
}
process.exitCode = failed ? 1 : 0;
