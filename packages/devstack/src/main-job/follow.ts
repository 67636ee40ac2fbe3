import { type ExecutionStatus, isEnded } from '@aumos/agf-domain';
import { setTimeout as sleep } from 'node:timers/promises';
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
  output: unknown;
}

export interface Watching {
  onStatus: (execution: Execution) => void;
  onVisit: (visit: Visit) => void;
  /** called each time it pauses; `left` is aborted when it goes on */
  onPaused: (left: AbortSignal) => Promise<void>;
}

const LOOK_EVERY_MS = 100;

/** Tells what is new since the last look. */
class Follower {
  private readonly visits = new Map<string, string>();
  private status: ExecutionStatus | undefined;
  private pause = new AbortController();
  /** why a pause could not be handled */
  failure: Error | undefined;

  constructor(private readonly watching: Watching) {}

  see(execution: Execution, visits: Visit[]): void {
    for (const visit of visits) this.seeVisit(visit);
    if (execution.status === this.status) return;
    this.status = execution.status;
    this.pause.abort();
    this.watching.onStatus(execution);
    if (execution.status === 'paused_hitl') this.handlePause();
  }

  private seeVisit(visit: Visit): void {
    const key = `${visit.node}/${String(visit.visit)}`;
    if (this.visits.get(key) === visit.status) return;
    this.visits.set(key, visit.status);
    this.watching.onVisit(visit);
  }

  private handlePause(): void {
    this.pause = new AbortController();
    this.watching.onPaused(this.pause.signal).catch((error: unknown) => {
      this.failure = error instanceof Error ? error : new Error(String(error));
    });
  }
}

/** Looks at an execution until it has ended, and tells each change once. @throws after `withinMs` */
export async function follow(api: Api, id: string, watching: Watching, withinMs: number): Promise<Execution> {
  const follower = new Follower(watching);
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(LOOK_EVERY_MS)) {
    const execution = await api.call<Execution>('GET', `/executions/${id}`);
    const visits = await api.call<Page<Visit>>('GET', `/executions/${id}/nodes`);
    follower.see(execution, visits.items);
    if (follower.failure) throw follower.failure;
    if (isEnded(execution.status)) return execution;
  }
  throw new Error(`execution ${id} has not ended within ${String(withinMs / 1000)} s`);
}
