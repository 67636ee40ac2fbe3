import * as exported from 'agf-team-graphs';
import { PausingSaver } from './pausing-saver.js';

/** Of LangGraph's compiled graph what is used here: its own types follow a state that is not known. */
export interface RunnableGraph {
  checkpointer?: unknown;
  config?: { recursionLimit?: number };
  stream(input: unknown, options: object): Promise<AsyncIterable<unknown>>;
}
interface Builder {
  compile(options: object): RunnableGraph;
}

const graphs = exported as Readonly<Record<string, unknown>>;

/** Each with a checkpointer of its own, in the workflow's memory: interrupts need one, Temporal's history is what lasts. */
export function findGraph(name: string): RunnableGraph | undefined {
  let found = Object.hasOwn(graphs, name) ? graphs[name] : undefined;
  if (typeof found === 'function') found = (found as () => unknown)();
  if (isBuilder(found)) return found.compile({ name, checkpointer: new PausingSaver() });
  if (!isCompiled(found)) return undefined;
  found.checkpointer = new PausingSaver();
  return found;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isBuilder = (value: unknown): value is Builder => isObject(value) && typeof value['compile'] === 'function';
const isCompiled = (value: unknown): value is RunnableGraph => isObject(value) && typeof value['stream'] === 'function';
