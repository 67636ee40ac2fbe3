import type { Json } from '@aumos/agf-domain/runtime';
import { getConfig } from '@langchain/langgraph/web';

interface Configurable {
  checkpoint_ns?: string;
  /** LangGraph's own, one for each time a task is begun */
  __pregel_scratchpad?: object;
}

/** `outer:<task>|inner:<task>`: where a task is in its graph and the graphs around it. */
const pathOf = (namespace: string): string =>
  namespace
    .split('|')
    .map((part) => part.split(':')[0])
    .join('.');

export const nodePath = (namespace: readonly string[], name: string): string =>
  [...namespace.map((part) => part.split(':')[0]), name].join('.');

/** What tasks called: one that LangGraph begins again, after an interrupt, finds it. */
const called = new Map<string, { request: string; result: Promise<Json> }>();
const counts = new WeakMap<object, number>();

class Task {
  constructor(
    private readonly namespace: string,
    private readonly begun: object,
  ) {}

  /** The nth call of the task, made once: of a failed one, or another one, nothing is kept. */
  once(request: object, make: (node: string) => Promise<Json>): Promise<Json> {
    const nth = (counts.get(this.begun) ?? 0) + 1;
    counts.set(this.begun, nth);
    const key = `${this.namespace}#${String(nth)}`;
    const text = JSON.stringify(request);
    const before = called.get(key);
    if (before?.request === text) return before.result;
    const result = make(pathOf(this.namespace));
    called.set(key, { request: text, result });
    result.catch(() => called.delete(key));
    return result;
  }
}

/** The node that runs. @throws Error outside of one */
export function currentTask(): Task {
  const { checkpoint_ns, __pregel_scratchpad } = (getConfig()?.configurable ?? {}) as Configurable;
  if (checkpoint_ns === undefined || __pregel_scratchpad === undefined)
    throw new Error('Only a node of a graph can call something');
  return new Task(checkpoint_ns, __pregel_scratchpad);
}
