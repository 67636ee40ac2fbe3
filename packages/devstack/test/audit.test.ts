import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AUDIT_GENESIS, auditHash, auditHeadLine, auditLine, type ChainedEntry } from '@aumos/agf-domain';
import { audit } from '../src/cli/audit.js';

const CLI = new URL('../dist/cli.js', import.meta.url).pathname;
const TENANT = '11111111-1111-4111-8111-11111111111a';

const chain: ChainedEntry[] = [];
for (let position = 1; position <= 5; position++) {
  const entry: ChainedEntry = {
    ...{ tenant_id: TENANT, position, id: TENANT.replace(/a$/, String(position)) },
    ...{ actor_id: 'ada', action: 'x', resource_type: 't', resource_id: 'r', outcome: 'denied' },
    details: { text: 'a\u2028b\u0085c\r' },
    occurred_at: '2026-01-02T03:04:05.000006Z',
    previous_hash: chain.at(-1)?.hash ?? AUDIT_GENESIS,
    hash: '',
  };
  chain.push({ ...entry, hash: auditHash(entry) });
}
const headAt = (position: number): string =>
  auditHeadLine({ tenant_id: TENANT, position, hash: chain[position - 1]!.hash });
const lines = [...chain.map(auditLine), headAt(5)];

describe('npm run audit', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'agf-audit-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return name;
  };
  const exported = (some: readonly string[]): string => file('audit.ndjson', some.map((line) => `${line}\n`).join(''));
  const run = async (...args: string[]) => {
    const [out, err]: string[][] = [[], []];
    const io = { print: (line: string) => out!.push(line), complain: (line: string) => err!.push(line) };
    process.env['INIT_CWD'] = folder;
    try {
      return { status: await audit(args, io), stdout: out!.join('\n'), stderr: err!.join('\n') };
    } finally {
      delete process.env['INIT_CWD'];
    }
  };

  it('is a command whose exit code says how it went', () => {
    // As npm calls it: below the repository, with the folder it was called from.
    const env = { PATH: process.env['PATH'], INIT_CWD: folder };
    const codeOf = (...args: string[]) => spawnSync(process.execPath, [CLI, 'audit', ...args], { env }).status;
    exported(lines);
    expect(codeOf('verify', 'audit.ndjson')).toBe(0);
    exported(lines.slice(1));
    expect(codeOf('verify', 'audit.ndjson')).toBe(1);
    expect(codeOf('verify')).toBe(2);
  }, 120_000);

  it('says that an export is whole, and what to keep', async () => {
    const { status, stdout } = await run('verify', exported(lines));
    expect(status).toBe(0);
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      `tenant ${TENANT}: 5 entries from position 1`,
      'whole; without a checkpoint this does not show whether the whole chain was rewritten, or its end and its head cut off',
      `keep as a checkpoint: ${headAt(5)}`,
    ]);
  });

  it.each([
    ['an edit', lines.with(2, lines[2]!.replace('"denied"', '"allowed"')), 3, 'edited'],
    ['a deletion', lines.toSpliced(1, 1), 2, 'deleted'],
    ['another order', [lines[0]!, lines[2]!, lines[1]!, ...lines.slice(3)], 2, 'reordered'],
    ['a repetition', lines.toSpliced(2, 0, lines[0]!), 3, 'inserted'],
    ['a cut', lines.toSpliced(4, 1), 5, 'truncated'],
    ['a download that ended early', lines.slice(0, 3), 4, 'truncated'],
    ['an empty file', [], 1, 'truncated'],
  ])('finds %s', async (_, changed, position, kind) => {
    const { status, stdout } = await run('verify', exported(changed));
    expect([status, stdout]).toEqual([1, expect.stringContaining(`BROKEN at position ${String(position)}: ${kind}`)]);
    const json = await run('verify', '--json', 'audit.ndjson');
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ finding: { kind, position } });
  });

  it('finds by a checkpoint what the export alone does not show', async () => {
    const cut = exported([...lines.slice(0, 3), headAt(3)]);
    expect((await run('verify', cut)).status).toBe(0);
    const kept = file('kept.json', JSON.stringify(JSON.parse(headAt(5)), null, 2));
    expect(await run('verify', cut, '--checkpoint', kept)).toMatchObject({
      ...{ status: 1, stdout: expect.stringContaining('BROKEN at position 4: truncated') },
    });
    const earlier = file('earlier.json', headAt(2));
    expect(await run('verify', exported(lines.slice(2)), '--checkpoint', earlier)).toMatchObject({
      ...{ status: 0, stdout: expect.stringContaining('3 entries from position 3') },
    });
  });

  it.each([
    [['verify'], /npm run audit/],
    [['show', 'audit.ndjson'], /npm run audit/],
    [['verify', 'nowhere.ndjson'], /nowhere.ndjson cannot be read/],
    [['verify', 'audit.ndjson', '--checkpoint', 'audit.ndjson'], /holds no head/],
    [['verify', 'audit.ndjson', '--checkpoint', 'nowhere.json'], /nowhere.json cannot be read/],
    [['verify', 'audit.ndjson', '--other'], /--other/],
  ])('has nothing to say to %j', async (args, message) => {
    exported(lines);
    expect(await run(...args)).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
  });
});
