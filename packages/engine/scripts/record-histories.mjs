/**
 * Records the golden histories of test/histories on a real Temporal (AGF_TEST_STACK). What they hold must replay on every
 * later version of the workflow code; record anew only together with a reason why old executions cannot exist. Names of
 * cases as arguments record those alone: that is how a case is added.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { ToolError, childExecutionId } from '@aumos/agf-domain';
import { cancelExecution, sendCommand, signalDecided, startGraphWorkflow } from '@aumos/agf-engine/client';
import { childStart } from '@aumos/agf-engine/common';
import { runSegment } from '@aumos/agf-engine/segment';
import { activityContext, createApprovalWorker, createExecutionWorker } from '@aumos/agf-engine/worker';

const TENANT = 'tenant-a';
const { temporal: address, temporal_namespace: namespace } = JSON.parse(
  readFileSync(process.env.AGF_TEST_STACK, 'utf8'),
);
const cases = JSON.parse(readFileSync(new URL('../test/histories/cases.json', import.meta.url), 'utf8'));
const wanted = process.argv.slice(2);
const queues = {
  executions: `golden-${randomUUID()}`,
  approvals: `golden-approvals-${randomUUID()}`,
  nodes: `golden-nodes-${randomUUID()}`,
};

/** Segments' handlers answer with their arguments; nothing is kept. */
const desk = {
  ended: async () => [],
  admit: async ({ node }) => ({ kind: 'admitted', permit: { id: node, links: [] } }),
  handle: async (call) => tools[call.handler](call.arguments),
  report: async () => undefined,
  record: async () => [],
};

const approvals = new Map();
const paused = new Set();
const waiting = new Set();
const GIVEN = { edited: { given: { n: 2 } }, answered: { given: 'by hand' } };
const decide = (id, status) => {
  const approval = approvals.get(id);
  const by = { decided_by: ['approver'], decided_at: null, notes: null };
  approval.outcome ??= { approval_id: id, status, ...by, ...GIVEN[status] };
  return approval.outcome;
};
const nothing = async () => undefined;
/** An open breaker's answer. */
const REFUSED = {
  kind: 'refused',
  key: 'tool:t',
  retry_after_ms: 50,
  error: { code: 'CIRCUIT_OPEN', message: 'open', node: null, visit: null, attempts: 1, details: {} },
};
const tools = {
  echo: (args) => args,
  flaky: (_, attempt) => {
    if (attempt < 2) throw new ToolError('FLAKY', 'try again', true);
    return attempt;
  },
  failing: () => {
    throw new ToolError('FAILING', 'never');
  },
  odd: ({ n }) => {
    if (n % 2 === 0) throw new ToolError('EVEN', 'not odd');
    return n;
  },
  slow: () => sleep(2_500),
  refusing: () => REFUSED,
  reopening: (_, attempt) => (attempt < 2 ? REFUSED : attempt),
};
const activities = {
  recordStarted: nothing,
  recordVisits: nothing,
  recordResumed: nothing,
  openChild: async (call) => {
    const definition = cases[call.workflow].definition;
    const called = { workflow_id: call.workflow, version: 1, definition, tools: toolsOf(definition) };
    return { kind: 'opened', start: childStart(call, called, '2026-01-01T00:00:00.000Z') };
  },
  recordWaiting: async ({ ref, waiting: is }) => void waiting[is ? 'add' : 'delete'](ref.execution_id),
  recordOutcome: nothing,
  recordPaused: async ({ approval_id }) => paused.add(approval_id) && undefined,
  runTool: async (call) => {
    const attempts = (activities.attempts[`${call.node}/${call.visit}/${call.ref.execution_id}`] ??= { n: 0 });
    const result = (await tools[call.tool](call.arguments, ++attempts.n)) ?? null;
    return result?.kind === 'refused' ? result : { kind: 'completed', result };
  },
  callModel: async ({ agent, visit }) => {
    const { text = null, calls = [] } = agent.turns[visit - 1];
    const usage = { input_tokens: null, output_tokens: null };
    return { kind: 'completed', reply: { text, calls, finish: calls.length > 0 ? 'calls' : 'stop', usage } };
  },
  admitTurn: async ({ node, visit }) => ({
    ...{ kind: 'admitted', permit: { id: `${node}/${visit}`, links: [] }, limits: {} },
    ...{ messages: [], tools: [] },
  }),
  settleTurn: async ({ call }) => activities.callModel(call),
  remember: nothing,
  admitFunction: async ({ node, visit }) => ({ kind: 'admitted', permit: { id: `${node}/${visit}`, links: [] } }),
  settleFunction: async () => null,
  settleTool: async ({ outcome }) => ({ kind: 'completed', result: outcome.reply.result }),
  runFunction: async (call) => ({ kind: 'completed', result: tools[call.handler](call.arguments) }),
  runSegment: (call) => runSegment(call, desk),
  attempts: {},
  openApproval: async (start) => void approvals.set(start.approval_id, { start, outcome: null }),
  takeDecision: async ({ approval_id }) => approvals.get(approval_id).outcome,
  expireApproval: async ({ approval_id }) => decide(approval_id, 'expired'),
  escalateApproval: nothing,
  cancelApproval: async ({ approval_id }) => void decide(approval_id, 'cancelled'),
};

/** A team's worker. */
const handlers = {
  runHandler: async (call) => {
    const attempts = (activities.attempts[call.effect_key] ??= { n: 0 });
    return { result: tools[call.handler](call.arguments, ++attempts.n), attempt: attempts.n, duration_ms: 1 };
  },
  runAgentTurn: async () => ({ step: {}, attempt: 1, duration_ms: 1 }),
};

async function until(condition) {
  for (;;) {
    const value = condition();
    if (value) return value;
    await sleep(20);
  }
}

const spec = (name, level) => ({
  name,
  version: 1,
  description: name,
  category: 'data',
  input_schema: true,
  output_schema: true,
  min_privilege_level: level,
  idempotent: true,
  timeout_seconds: 30,
});

const toolsOf = (definition, risky) =>
  Object.fromEntries(
    definition.nodes
      .flatMap(({ tool, compensate, type }) => [tool, compensate?.tool, type === 'agent' ? 'echo' : undefined])
      .filter((tool) => tool)
      .map((tool) => [tool, spec(tool, risky ? 3 : 2)]),
  );

const inMs = (ms) => ({ until: new Date(Date.now() + ms).toISOString() });

/** The agent of a case says its turns, or a team's worker does. */
const agentsOf = (turns, coded) => ({
  helper: {
    ...{ id: 'helper', name: 'helper', version: 1, instructions: 'Help.', model: null, privilege_level: 5 },
    ...{ tools: ['echo'], limits: {}, turns },
    ...(coded ? { executor: { task_queue: queues.nodes, name: 'helper' } } : {}),
  },
});

const startOf = ({ definition, input, risky, until_in_ms, continue_after, resume, turns, coded }) => ({
  tenant_id: TENANT,
  execution_id: randomUUID(),
  workflow_id: 'workflow',
  workflow_name: definition.name,
  version: 1,
  initiator: 'starter',
  definition,
  tools: toolsOf(definition, risky),
  ...(turns ? { agents: agentsOf(turns, coded) } : {}),
  input: input ?? (until_in_ms ? inMs(until_in_ms) : null),
  initiator_level: 5,
  initiator_roles: [],
  workflow_chain: [],
  started_at: '2026-01-01T00:00:00.000Z',
  settings: {
    approval_timeout_hours: 24,
    auto_reject_on_timeout: true,
    timeout_seconds: 60,
    max_privilege_level: 5,
    approvals_queue: queues.approvals,
    nodes_queue: queues.nodes,
    ...(continue_after ? { continue_after } : {}),
  },
  ...(resume ? { resume } : {}),
});

/** What people do to it while it waits. */
async function attend(client, { then, commands }, start) {
  if (commands) {
    await until(() => waiting.has(start.execution_id));
    for (const command of commands) {
      if (command.kind === 'cancel') await cancelExecution(client, TENANT, start.execution_id);
      else await sendCommand(client, TENANT, start.execution_id, command);
    }
  }
  if (!then) return;
  const asked = () =>
    until(() =>
      [...approvals.values()].find(
        (a) => a.start.execution_id === start.execution_id && paused.has(a.start.approval_id) && !a.outcome,
      ),
    );
  const approval = await asked();
  if (then === 'cancel') return cancelExecution(client, TENANT, start.execution_id);
  const tell = async ({ start: { approval_id } }, status) => {
    decide(approval_id, status);
    await signalDecided(client, TENANT, approval_id);
  };
  await tell(approval, then);
  if (then === 'edited') await tell(await asked(), 'approved');
}

/** A run a file: the first one has the case's name. */
async function save(client, name, workflowId) {
  const handle = client.workflow.getHandle(workflowId);
  await handle.result().catch(() => undefined);
  const [started] = (await handle.fetchHistory()).events;
  let runId = started.workflowExecutionStartedEventAttributes.firstExecutionRunId;
  for (let run = 1; runId; run++) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    // Stacks name folders of this machine, and a replay does not read them.
    const json = JSON.parse(historyToJSON(history), (key, value) => (key === 'stackTrace' ? '' : value));
    const file = run === 1 ? name : `${name}.run${run}`;
    writeFileSync(new URL(`../test/histories/${file}.json`, import.meta.url), `${JSON.stringify(json)}\n`);
    runId = history.events.at(-1).workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
}

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
const connection = await NativeConnection.connect({ address });
const client = new Client({ connection, namespace, identity: 'recorder' });
const shared = { connection, namespace, identity: 'recorder', activities };
const workers = [
  await createExecutionWorker({ ...shared, taskQueue: queues.executions }),
  await createApprovalWorker({ ...shared, taskQueue: queues.approvals }),
  await Worker.create({
    ...{ ...shared, activities: handlers, taskQueue: queues.nodes },
    interceptors: { activity: [activityContext] },
  }),
];
const running = workers.map((worker) => worker.run());
for (const [name, one] of Object.entries(cases)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const start = startOf(one);
  await startGraphWorkflow(client, start, { taskQueue: queues.executions });
  await attend(client, one, start);
  await save(client, `graph.${name}`, `${TENANT}/${start.execution_id}`);
  for (const { id } of one.definition.nodes.filter(({ type }) => type === 'workflow'))
    await save(client, `graph.${name}.${id}`, `${TENANT}/${childExecutionId(start.execution_id, id, 1)}`);
  const approval = [...approvals.values()].find((a) => a.start.execution_id === start.execution_id);
  if (approval) await save(client, `approval.${name}`, `${TENANT}/approval/${approval.start.approval_id}`);
}
for (const worker of workers) worker.shutdown();
await Promise.all(running);
await connection.close();
