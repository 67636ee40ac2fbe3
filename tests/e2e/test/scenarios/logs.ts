import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APP_NAMES } from '@aumos/agf-devstack';
import {
  type Client,
  completed,
  type Definition,
  ended,
  loadWorkflow,
  OPEN_GATE,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { beforeAll, expect, it } from '@jest/globals';
import { as, world } from '../system.js';

const CELL = 'CANARYCELL-sk-live-12345';
const INPUT = 'CANARYINPUT-sk-live-67890';

const text = (app: string): string => readFileSync(join(world().home, 'logs', `${app}.log`), 'utf8');

/** What tenants put in is theirs: errors tell it to them, and to no log. */
export function logs(): void {
  let developer: Client;
  beforeAll(async () => {
    developer = await as('acme-developer');
  });

  it('hold no cell that did not fit, and say what failed', async () => {
    const workflow = await publish(developer, loadWorkflow({ table: unique('open_canary'), gate: OPEN_GATE }));
    await completed(developer, await start(developer, workflow, { source: await upload(developer, 'n\n1\n') }));
    const id = await start(developer, workflow, { source: await upload(developer, `n\n${CELL}\n`) });
    const { error_details: error } = await ended(developer, id);
    expect(error).toMatchObject({ code: 'TYPE_MISMATCH', message: expect.stringContaining(CELL) });
    for (const app of APP_NAMES) expect([app, text(app).includes(CELL)]).toEqual([app, false]);
    const said = world().logs(({ execution_id }) => execution_id === id);
    expect(said).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          app: 'execution-worker',
          msg: 'Activity failed',
          activity_type: 'runTool',
          err: expect.objectContaining({ code: 'TYPE_MISMATCH', node: 'load', visit: 1 }),
        }),
      ]),
    );
  });

  it('hold no input that an expression could not take', async () => {
    const definition: Definition = {
      schema: 'agf/workflow/v1',
      name: unique('canary'),
      state: { n: {} },
      nodes: [{ id: 'read', type: 'transform', set: { n: { cel: 'int(input.n)' } } }],
      edges: [
        { source: 'START', target: 'read' },
        { source: 'read', target: 'END' },
      ],
    };
    const id = await start(developer, await publish(developer, definition), { n: INPUT });
    expect((await ended(developer, id)).error_details).toMatchObject({ code: 'EXPRESSION_ERROR', node: 'read' });
    for (const app of APP_NAMES) expect([app, text(app).includes(INPUT)]).toEqual([app, false]);
  });
}
