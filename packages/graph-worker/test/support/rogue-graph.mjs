/** The workflow of a team's worker of another make: it tells the execution what no graph tells. */
import { getExternalWorkflowHandle } from '@temporalio/workflow';

export async function teamGraph({ asks, key }) {
  const execution = getExternalWorkflowHandle(asks);
  const tell = (...args) => execution.signal('graphAsks', ...args);
  await tell();
  await tell(null);
  await tell({ key });
  await tell({ key, seq: 1, requests: null, visits: 7 });
  const call = { id: 1, node: 'n', kind: 'tool', tool: 'count', arguments: {}, options: {} };
  const requests = [
    ...[null, 7, [], {}, { ...call, id: {} }, { id: 2 }, { id: 3, kind: 'tool' }, { id: 4, kind: 'approval', gate: 1 }],
    ...[{ retry: { backoff: 0.5 } }, { timeout_seconds: 0 }, { gate: { toString: 1 } }, 7].map((options, index) => ({
      ...call,
      id: 5 + index,
      options,
    })),
    { ...call, id: 9, tool: { toString: 1 } },
    { ...call, id: 10, kind: 'function', handler: 'x', options: { task_queue: '/_sys/x/1' } },
    { ...call, id: 11, node: '\ud800', arguments: { '\ud800': '\0' } },
  ];
  const row = { node: 'n', input: '\0', started_at: 'x', completed_at: {}, approval_id: 'x', child_execution_id: 'x' };
  await tell({
    key,
    seq: 2,
    requests,
    visits: [null, 7, {}, { node: {} }, { ...row, error: 'x', step: 'x', item: 'x' }],
  });
  return { end: { kind: 'failed', error: { code: {}, message: 7, details: [] } }, visits: {} };
}
