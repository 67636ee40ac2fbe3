import { SCOPE, type EdgeDefinition, type WorkflowDefinition } from '@aumos/agf-domain/runtime';
import { compileEdges, noEdges } from './compile-edges.js';
import { withImplicitChannels } from './channels.js';
import { PlanError, type NodePlan, type Plan, type RunnableNode } from './plan.js';
import { lazyExpression, lazyMembers, lazyValue, type Evaluable } from './values.js';

const DEFAULT_MAX_STEPS = 1000;

function runnable(node: WorkflowDefinition['nodes'][number]): RunnableNode {
  if (node.type === 'tool' || node.type === 'transform' || node.type === 'gate') return node;
  throw new PlanError(`Node "${node.id}" has the type "${node.type}", which this version of the engine does not run`);
}

function valueOf(node: RunnableNode, variables: readonly string[]): () => Evaluable {
  if (node.type === 'transform') return lazyMembers(node.set, variables);
  return lazyValue(node.type === 'tool' ? (node.arguments ?? {}) : (node.payload ?? null), variables);
}

function compileNode(node: RunnableNode, fanned: boolean): Omit<NodePlan, 'out'> {
  const outputs = node.type === 'transform' ? {} : (node.outputs ?? {});
  return {
    node,
    value: valueOf(node, fanned ? SCOPE.forEachTarget : SCOPE.tool),
    outputs: Object.entries(outputs).map(([channel, source]) => [
      channel,
      lazyExpression(source, fanned ? SCOPE.forEachOutputs : SCOPE.outputs, 'any'),
    ]),
  };
}

const fannedTargets = (edges: EdgeDefinition[]): Set<string> =>
  new Set(edges.filter((edge) => edge.for_each !== undefined).map((edge) => edge.target));

/** @throws PlanError when the definition names what does not exist, or what this engine does not run */
export function compilePlan(definition: WorkflowDefinition): Plan {
  const nodes = definition.nodes.map(runnable);
  const { outgoing, start, joins } = compileEdges(definition);
  const fanned = fannedTargets(definition.edges);
  return {
    definition,
    nodes: new Map(
      nodes.map((node) => [
        node.id,
        { ...compileNode(node, fanned.has(node.id)), out: outgoing.get(node.id) ?? noEdges() },
      ]),
    ),
    start,
    joins,
    channels: withImplicitChannels(definition),
    declared: new Set(Object.keys(definition.state ?? {})),
    maxSteps: definition.limits?.max_steps ?? DEFAULT_MAX_STEPS,
    ...(definition.output === undefined ? {} : { output: lazyValue(definition.output, SCOPE.output) }),
  };
}
