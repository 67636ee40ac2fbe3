import type { WorkflowNode } from '../definition.js';
import type { PublishedWorkflow } from './published.js';

/** A workflow node and the version that it runs. */
export interface Caller {
  parent: PublishedWorkflow;
  node: WorkflowNode;
  child: PublishedWorkflow;
}

export interface Callers {
  of: (child: PublishedWorkflow) => readonly Caller[];
  /** what runs below these, at any depth, they themselves only where they call themselves */
  below: (parents: Iterable<PublishedWorkflow>) => PublishedWorkflow[];
}

/** Who runs whom: by its version, its own name as this version, else the newest that is there. */
export const callersOf = (published: readonly PublishedWorkflow[]): Callers => {
  const byName = new Map<string, PublishedWorkflow[]>();
  for (const workflow of published) {
    const { name } = workflow.definition;
    byName.set(
      name,
      [...(byName.get(name) ?? []), workflow].sort((a, b) => b.version - a.version),
    );
  }
  const calling = new Map<PublishedWorkflow, Caller[]>();
  const called = new Map<PublishedWorkflow, PublishedWorkflow[]>();
  for (const parent of published) {
    for (const node of parent.definition.nodes) {
      const child = node.type === 'workflow' ? childOf(parent, node, byName) : undefined;
      if (child === undefined || node.type !== 'workflow') continue;
      push(calling, child, { parent, node, child });
      push(called, parent, child);
    }
  }
  return {
    of: (child) => calling.get(child) ?? [],
    below: (parents) => {
      const found = new Set([...parents].flatMap((parent) => called.get(parent) ?? []));
      for (const workflow of found) for (const child of called.get(workflow) ?? []) found.add(child);
      return [...found];
    },
  };
};

const childOf = (
  parent: PublishedWorkflow,
  { workflow, version }: WorkflowNode,
  byName: ReadonlyMap<string, readonly PublishedWorkflow[]>,
): PublishedWorkflow | undefined => {
  const [newest, ...older] = byName.get(workflow) ?? [];
  if (version !== undefined) return [newest, ...older].find((each) => each?.version === version);
  return workflow === parent.definition.name ? parent : newest;
};

const push = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
};
