import { SCOPE, type EdgeDefinition, type Value, type WorkflowDefinition } from '@aumos/agf-domain/runtime';
import { compileEdges, noEdges } from './compile-edges.js';
import { withImplicitChannels } from './channels.js';
import type { NodePlan, Plan, RunnableNode } from './plan.js';
import { lazyExpression, lazyMembers, lazyValue, type Evaluable } from './values.js';

const DEFAULT_MAX_STEPS = 1000;

const given = (members: Record<string, Value | undefined>): Record<string, Value> =>
  Object.fromEntries(Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

function valueOf(node: RunnableNode, variables: readonly string[]): () => Evaluable {
  switch (node.type) {
    case 'transform':
      return lazyMembers(node.set, variables);
    case 'tool':
    case 'function':
      return lazyValue(node.arguments ?? {}, variables);
    case 'agent':
      return lazyValue(node.prompt, variables);
    case 'gate':
      return lazyValue(node.payload ?? null, variables);
    case 'workflow':
      return lazyValue(node.input ?? null, variables);
    case 'wait':
      return lazyMembers(given({ seconds: node.seconds, until: node.until }), variables);
    case 'fail':
      return lazyValue(node.message, variables);
    case 'compensate':
      return lazyValue(null, variables);
  }
}

function compileNode(node: RunnableNode, fanned: boolean): Omit<NodePlan, 'out'> {
  const outputs = 'outputs' in node ? (node.outputs ?? {}) : {};
  return {
    node,
    value: valueOf(node, fanned ? SCOPE.forEachTarget : SCOPE.tool),
    outputs: Object.entries(outputs).map(([channel, source]) => [
      channel,
      lazyExpression(source, fanned ? SCOPE.forEachOutputs : SCOPE.outputs, 'any'),
    ]),
    ...(node.compensate === undefined
      ? {}
      : { compensation: lazyValue(node.compensate.arguments, fanned ? SCOPE.forEachOutputs : SCOPE.outputs) }),
  };
}

const fannedTargets = (edges: EdgeDefinition[]): Set<string> =>
  new Set(edges.filter((edge) => edge.for_each !== undefined).map((edge) => edge.target));

/** @throws PlanError when the definition names what does not exist */
export function compilePlan(definition: WorkflowDefinition): Plan {
  const { outgoing, start, joins } = compileEdges(definition);
  const fanned = fannedTargets(definition.edges);
  return {
    definition,
    nodes: new Map(
      definition.nodes.map((node) => [
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
