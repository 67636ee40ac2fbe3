import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testStack } from '@aumos/agf-testing';
import { operate } from '../src/operate/operate.js';

const GOLDEN = fileURLToPath(new URL('../../../packages/engine/test/histories/', import.meta.url));
const chain = join(GOLDEN, 'graph.chain.json');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agf-operate-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; said: string[]; complained: string[] }> {
  const [said, complained]: [string[], string[]] = [[], []];
  const env = {
    AUMOS_AGF_TEMPORAL_SERVER_URL: testStack().temporal,
    AUMOS_AGF_TEMPORAL_NAMESPACE: testStack().temporal_namespace,
    AUMOS_AGF_WORKER_DEPLOYMENT: `operate-${randomUUID()}`,
  };
  const io = {
    env,
    print: (line: string) => void said.push(line),
    complain: (line: string) => void complained.push(line),
  };
  return { code: await operate(args, io), said, complained };
}

describe('the commands', () => {
  it('replay files, and tell of those that do not', async () => {
    expect(await run('replay', chain, '--json')).toMatchObject({
      code: 0,
      said: [expect.stringContaining('"error":null')],
    });
    const changed = join(folder, 'changed.json');
    await writeFile(changed, (await readFile(chain, 'utf8')).replaceAll('runTool', 'runOtherwise'));
    const { code, said } = await run('replay', chain, changed);
    expect([code, said.at(-1)]).toEqual([1, '1 replay, 1 do not']);
    expect(said.join('\n')).toContain('Nondeterminism');
  }, 60_000);

  it('write histories of Temporal to files', async () => {
    const connection = await Connection.connect({ address: testStack().temporal });
    const client = new Client({ connection, namespace: testStack().temporal_namespace });
    const workflowId = `tenant-a/${randomUUID()}`;
    await client.workflow.start('graphWorkflow', { workflowId, taskQueue: `nobody-${randomUUID()}`, args: [] });
    const to = join(folder, 'exported');
    expect(await run('export', to, '--execution', workflowId)).toMatchObject({ code: 0 });
    const [file] = await readdir(to);
    expect(JSON.parse(await readFile(join(to, file!), 'utf8'))).toMatchObject({
      workflow_id: workflowId,
      payloads: {},
    });
    expect((await run('export', to, '--execution', `tenant-a/${randomUUID()}`)).code).toBe(1);
    await client.workflow.getHandle(workflowId).terminate();
    await connection.close();
  }, 60_000);

  it('show builds of workers, and make none current that no worker has', async () => {
    expect(await run('versions')).toMatchObject({ code: 0, said: ['no worker with a version has been seen'] });
    expect((await run('versions', 'current', 'executions', 'nowhere')).code).toBe(1);
  });

  it.each([
    [[]],
    [['replay']],
    [['replay', '/nowhere']],
    [['replay', chain, '--newest', '3']],
    [['replay', '--newest', '0']],
    [['replay', '--what']],
    [['export', '/nowhere']],
    [['versions', 'current', 'gateway']],
    [['versions', 'move', 'x']],
  ])('make no sense as %j', async (args) => {
    const { code, said, complained } = await run(...args);
    expect([code, said, complained.length]).toEqual([2, [], 1]);
  });
});
