import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..');
const GENERATED = 'src/gen/aumos/events/v1/agent_framework_pb.ts';
const run = promisify(execFile);

function buf(...args: string[]) {
  const bin = join(dirname(createRequire(import.meta.url).resolve('@bufbuild/buf/package.json')), 'bin/buf');
  const PATH = [join(PACKAGE, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  return run(process.execPath, [bin, ...args], { cwd: PACKAGE, env: { ...process.env, PATH } });
}

it('lints', async () => {
  await expect(buf('lint')).resolves.toMatchObject({ stdout: '' });
});

it('is generated from the schema as it is now', async () => {
  const out = await mkdtemp(join(tmpdir(), 'agf-gen-'));
  try {
    await buf('generate', '--output', out);
    expect(await readFile(join(out, GENERATED), 'utf8')).toBe(await readFile(join(PACKAGE, GENERATED), 'utf8'));
  } finally {
    await rm(out, { recursive: true });
  }
});
