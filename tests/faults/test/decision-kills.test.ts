import type { AppName } from '@aumos/agf-devstack';
import {
  type Client,
  completed,
  decide,
  loadWorkflow,
  oracle,
  pendingApproval,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { eventually, report, sizeOfRun } from '@aumos/agf-testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Change, Hold } from './hold.js';
import { as, closeSystem, openSystem, startApps, system, world } from './system.js';

/** Of each point. */
const EXECUTIONS = sizeOfRun('AGF_DECISION_KILLS', 20);
/** They meet one kill. */
const AT_ONCE = 10;

interface Point {
  /** the transaction in the midst of which its process dies */
  what: string;
  who: AppName;
  in: 'platform' | 'warehouse';
  change: Change;
}

/** From a person's decision to what it allows, each transaction on the way. */
const POINTS: Point[] = [
  {
    ...{ what: 'the decision', who: 'hitl-approval', in: 'platform' },
    change: {
      ...{ table: 'agf_hitl_approvals', on: 'update' },
      when: `old.status = 'pending' and new.status = 'approved'`,
    },
  },
  {
    ...{ what: 'what its workflow takes of it', who: 'hitl-approval', in: 'platform' },
    change: {
      ...{ table: 'agf_hitl_approvals', on: 'update' },
      when: `old.taken_at is null and new.taken_at is not null`,
    },
  },
  {
    ...{ what: 'the resumption', who: 'execution-worker', in: 'platform' },
    change: {
      ...{ table: 'agf_workflow_executions', on: 'update' },
      when: `old.status = 'paused_hitl' and new.status = 'running'`,
    },
  },
  {
    ...{ what: 'the consumption', who: 'execution-worker', in: 'platform' },
    change: { table: 'agf_hitl_approvals', on: 'update', when: `new.status = 'consumed'` },
  },
  {
    ...{ what: 'the effect', who: 'execution-worker', in: 'warehouse' },
    change: { table: 'acme._agf_loads', on: 'update', when: 'new.rows is not null' },
  },
  {
    ...{ what: 'the journal', who: 'execution-worker', in: 'platform' },
    change: {
      ...{ table: 'agf_node_visits', on: 'update' },
      when: `old.status = 'running' and new.status = 'completed'`,
    },
  },
];

interface Waiting {
  id: string;
  table: string;
  approval: string;
}

let developer: Client;
let approver: Client;
let source: string;
const counts: Record<string, number> = {};
const failures: string[] = [];
const began = Date.now();

jest.setTimeout(7_200_000);
beforeAll(async () => {
  await openSystem('decision-kills');
  await startApps();
  await signedIn();
  source = await upload(developer, 'a,b\n1,2\n3,4\n');
  // The first load makes the ledger, whose triggers are to come.
  await loaded(await approved(await waiting()));
}, 300_000);
afterAll(async () => {
  const head = `decisions: ${String(EXECUTIONS)} executions of each of ${String(POINTS.length)} points`;
  report('decision-kills', head, { seed: 0, duration_ms: Date.now() - began, counts, failures });
  await closeSystem();
}, 90_000);

/** For the next hour. */
async function signedIn(): Promise<void> {
  [developer, approver] = await Promise.all([as('acme-developer'), as('acme-approver-1')]);
}

async function waiting(): Promise<Waiting> {
  const table = unique('decided');
  const id = await start(developer, await publish(developer, loadWorkflow({ table })), { source });
  return { id, table, approval: (await pendingApproval(developer, id)).id };
}

/** Again until somebody has taken it: an answer may be lost, the decision is taken once. */
async function approved(execution: Waiting): Promise<Waiting> {
  await eventually(
    async () => {
      const { status } = await decide(approver, execution.approval);
      return status === 200 || status === 422;
    },
    'the decision to be taken',
    { timeoutMs: 120_000, everyMs: 100 },
  );
  return execution;
}

async function loaded({ id, table }: Waiting): Promise<void> {
  await completed(developer, id, 180_000);
  expect(await world().count('acme', table)).toBe(2);
}

/** @returns how many executions were in the midst of it when the process died */
async function killedAt({ who, in: where, change }: Point, among: Waiting[]): Promise<number> {
  const hold = await Hold.on(world()[where], change);
  let held: number;
  let decided: Promise<Waiting>[];
  try {
    decided = among.map(approved);
    held = await hold.waiting(among.length);
    system().kill(who);
  } finally {
    await hold.end();
  }
  await Promise.all(decided);
  await system().serves(who);
  await Promise.all(among.map(loaded));
  return held;
}

describe('killed in the midst of', () => {
  it.each(POINTS)('$what: what was approved is done once, with its one approval', async (point) => {
    let held = 0;
    let kills = 0;
    while (held < EXECUTIONS) {
      // In the long form one point takes a good part of an hour.
      await signedIn();
      const size = Math.min(AT_ONCE, EXECUTIONS - held);
      const among = await Promise.all(Array.from({ length: size }, waiting));
      held += await killedAt(point, among);
      kills++;
    }
    counts[`${point.what}: executions`] = held;
    counts[`${point.what}: kills`] = kills;
    expect(held).toBeGreaterThanOrEqual(EXECUTIONS);
  });

  it('any of them, and all adds up', async () => {
    failures.push(...(await oracle(world())));
    expect(failures).toEqual([]);
  });
});
