import type { ExecutionError } from '@aumos/agf-domain/runtime';
import type { GraphVisit } from '@aumos/agf-engine/common';
import { nodePath } from './current-task.js';
import { shownJson } from './json-of.js';

/** What waits for people. */
export interface Interrupted {
  id: string;
  /** its path */
  node: string;
  payload: unknown;
}

type Chunk = [namespace: string[], mode: string, data: unknown];
interface TaskEvent {
  id: string;
  name: string;
  input?: unknown;
  triggers?: unknown;
  result?: unknown;
  error?: unknown;
  interrupts: { id?: string; value: unknown }[];
}

/** Reads what LangGraph says of one run of a graph: its values, the nodes that ended, what waits. */
export class GraphEvents {
  values: unknown = null;
  readonly interrupts = new Map<string, Interrupted>();
  private readonly begun = new Map<string, { node: string; input: unknown; at: string }>();

  constructor(private readonly visited: (visit: GraphVisit) => void) {}

  take(chunk: unknown): void {
    const [namespace, mode, data] = chunk as Chunk;
    if (mode === 'values') this.takeValues(namespace, data);
    if (mode === 'tasks') this.takeTask(namespace, data as TaskEvent);
  }

  /** What was under way when the graph failed. */
  failed(error: ExecutionError): void {
    for (const { node, input, at } of this.begun.values()) this.end(node, input, at, null, { ...error, node: null });
  }

  private takeValues(namespace: string[], values: unknown): void {
    const isInterrupt = typeof values === 'object' && values !== null && '__interrupt__' in values;
    if (namespace.length === 0 && !isInterrupt) this.values = values;
  }

  private takeTask(namespace: string[], task: TaskEvent): void {
    const node = nodePath(namespace, task.name);
    if ('triggers' in task) {
      this.begun.set(task.id, { node, input: task.input, at: now() });
      return;
    }
    const begun = this.begun.get(task.id);
    this.begun.delete(task.id);
    // The innermost one comes first: it is what asks.
    for (const { id, value } of task.interrupts)
      if (id !== undefined && !this.interrupts.has(id)) this.interrupts.set(id, { id, node, payload: value });
    if (!begun || task.interrupts.length > 0) return;
    if (task.error) this.begun.set(task.id, begun);
    else this.end(node, begun.input, begun.at, task.result, null);
  }

  private end(node: string, input: unknown, at: string, output: unknown, error: ExecutionError | null): void {
    this.visited({
      node,
      input: shownJson(input),
      output: shownJson(output),
      error,
      started_at: at,
      completed_at: now(),
    });
  }
}

const now = (): string => new Date().toISOString();
