import type { ExecutionEvent, JsonObject } from '@aumos/agf-domain';
import type { ExecutionRef } from '@aumos/agf-engine/common';
import type { SegmentRecords } from '@aumos/agf-engine/segment';
import type { EndedVisit, NewTrace } from '@aumos/agf-persistence';
import { nodeComplete } from '../execution/execution-log.js';

/** One a handler's call. */
export const tracesOf = (ref: ExecutionRef, visits: SegmentRecords['visits']): NewTrace[] =>
  visits.flatMap(({ node, visit, started_at, error, call }) => {
    if (!call) return [];
    const { handler, attempts, duration_ms } = call;
    const attributes: JsonObject = { handler: true, attempt: attempts, ...(error ? { code: error.code } : {}) };
    const timed = { started_at: new Date(started_at), duration_ms, traceparent: ref.traceparent ?? null };
    return [{ execution_id: ref.execution_id, node, visit, kind: 'tool', name: handler, attributes, ...timed }];
  });

/** What followers see of visits: that of a handler as of any call. */
export function eventsOf(ended: readonly EndedVisit[], visits: SegmentRecords['visits']): ExecutionEvent[] {
  const calls = new Map(visits.flatMap(({ node, visit, call }) => (call ? [[`${node}/${String(visit)}`, call]] : [])));
  return ended.flatMap((visit): ExecutionEvent[] => {
    const complete = nodeComplete(visit);
    const call = calls.get(`${visit.node}/${String(visit.visit)}`);
    if (!call) return [complete];
    const { node, visit: n, step, item } = visit;
    const data = { node, visit: n, step, item, handler: call.handler };
    const end: ExecutionEvent = { type: 'tool_end', data: { ...data, duration_ms: call.duration_ms } };
    return [{ type: 'tool_start', data }, ...(visit.error ? [] : [end]), complete];
  });
}
