import type { AgentNode, ExecutionError, Json } from '@aumos/agf-domain/runtime';
import { ANSWER_VISIT } from '../../../common/index.js';
import type { Site } from '../site.js';
import type { Visit } from '../visit.js';

export interface InnerRecorder {
  /** its activity wrote it */
  completed(output: Json): void;
  /** no activity did */
  answered(output: Json): void;
  failed(error: ExecutionError): void;
}

/** Records a step inside of an agent's visit as the visit of its own that it is. */
export function innerRecorder(
  { run, view, due }: Visit<AgentNode>,
  site: Site,
  type: 'model' | 'tool',
  input: unknown,
): InnerRecorder {
  const now = (): string => new Date(run.runtime.now()).toISOString();
  const started_at = now();
  const record = (output: Json, error: ExecutionError | null, as: string = type, recorded = false): void => {
    const status = error === null ? 'completed' : error.code === 'CANCELLED' ? 'cancelled' : 'failed';
    const item = due.item?.index ?? null;
    const ended = { ...site, step: view.book.step, item, type: as, status, input: input as Json, output } as const;
    run.ended.add({ ...ended, error, started_at, completed_at: now() }, recorded);
  };
  return {
    completed: (output) => record(output, null, type, true),
    answered: (output) => record(output, null, ANSWER_VISIT),
    failed: (error) => record(null, { ...error, ...site }),
  };
}
