import type { ExecutionEvent } from '@aumos/agf-domain';
import type { ToolCall } from '@aumos/agf-engine/common';
import type { NewTrace, Visit } from '@aumos/agf-persistence';

interface RanTool {
  version: number;
  cost?: number | undefined;
  attempt: number;
  started_at: Date;
  duration_ms: number;
  /** where it did not end well */
  code?: string | undefined;
  /** where a team's handler did the work */
  task_queue?: string | undefined;
}

/** A call of a tool, as the traces have it. */
export function toolTrace(call: Omit<ToolCall, 'ended' | 'steps'>, ran: RanTool): NewTrace {
  const { execution_id, traceparent } = call.ref;
  const { started_at, duration_ms, ...given } = ran;
  return {
    execution_id,
    node: call.node,
    visit: call.visit,
    kind: 'tool',
    name: call.tool,
    attributes: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    started_at,
    duration_ms,
    traceparent: traceparent ?? null,
  };
}

export const toolEnd = (
  { tool }: Pick<ToolCall, 'tool'>,
  { node, visit, step, item }: Visit,
  duration_ms: number,
): ExecutionEvent => ({
  type: 'tool_end',
  data: { node, visit, step, item, tool, duration_ms },
});
