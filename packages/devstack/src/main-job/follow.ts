import { setTimeout as sleep } from 'node:timers/promises';
import { isEnded, type ExecutionStatus } from '@aumos/agf-domain';
import { type Api, type Page } from './api.js';

export interface Execution {
  id: string;
  status: ExecutionStatus;
  current_node: string | null;
  output_data: unknown;
  error_details: unknown;
}

/** One visit of a node. */
export interface Visit {
  node: string;
  visit: number;
  type: string;
  status: string;
  error: unknown;
}

export interface Watching {
  onStatus: (execution: Execution) => void;
  onVisit: (visit: Visit) => void;
  /** called once for each time it pauses; not waited for */
  onPaused: () => void;
}

const LOOK_EVERY_MS = 100;

/** A list, whether it comes in pages or bare. */
const itemsOf = <T>(answer: Page<T> | T[]): T[] => (Array.isArray(answer) ? answer : answer.items);

/** Looks at an execution until it has ended, and tells each change once. @throws after `withinMs` */
export async function follow(api: Api, id: string, watching: Watching, withinMs: number): Promise<Execution> {
  const told = new Map<string, string>();
  const tellOnce = (key: string, status: string, tell: () => void): void => {
    if (told.get(key) === status) return;
    told.set(key, status);
    tell();
  };
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(LOOK_EVERY_MS)) {
    const execution = await api.call<Execution>('GET', `/executions/${id}`);
    for (const visit of itemsOf(await api.call<Page<Visit> | Visit[]>('GET', `/executions/${id}/nodes`)))
      tellOnce(`${visit.node}/${String(visit.visit)}`, visit.status, () => {
        watching.onVisit(visit);
      });
    tellOnce('', execution.status, () => {
      watching.onStatus(execution);
      if (execution.status === 'paused_hitl') watching.onPaused();
    });
    if (isEnded(execution.status)) return execution;
  }
  throw new Error(`execution ${id} has not ended within ${String(withinMs / 1000)} s`);
}
