import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';

const infra = path.resolve(import.meta.dirname, '..');
const run = promisify(execFile);

interface Compose {
  services: Record<string, { image: string; ports: string[]; healthcheck?: object; command?: string[] }>;
}

describe('compose file', () => {
  it('is valid by the compose schema and the linter', async () => {
    await expect(
      run(path.join(infra, 'node_modules/.bin/dclint'), ['compose.yaml', '--max-warnings', '0'], { cwd: infra }),
    ).resolves.toBeDefined();
  });

  it('publishes only on loopback, pins every image and checks every service', async () => {
    const compose = parse(await readFile(path.join(infra, 'compose.yaml'), 'utf8')) as Compose;
    for (const service of Object.values(compose.services)) {
      expect(service.image).toMatch(/:[0-9][\w.-]*$/);
      expect(service.healthcheck).toBeDefined();
      for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });
});
