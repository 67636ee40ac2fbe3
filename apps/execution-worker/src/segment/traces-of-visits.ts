import type { JsonObject } from '@aumos/agf-domain';
import type { ExecutionRef } from '@aumos/agf-engine/common';
import type { SegmentRecords } from '@aumos/agf-engine/segment';
import type { NewTrace } from '@aumos/agf-persistence';

/** One a handler's call. */
export const tracesOf = (ref: ExecutionRef, visits: SegmentRecords['visits']): NewTrace[] =>
  visits.flatMap(({ node, visit, started_at, error, call }) => {
    if (!call) return [];
    const { handler, attempts, duration_ms } = call;
    const attributes: JsonObject = { handler: true, attempt: attempts, ...(error ? { code: error.code } : {}) };
    const timed = { started_at: new Date(started_at), duration_ms, traceparent: ref.traceparent ?? null };
    return [{ execution_id: ref.execution_id, node, visit, kind: 'tool', name: handler, attributes, ...timed }];
  });
