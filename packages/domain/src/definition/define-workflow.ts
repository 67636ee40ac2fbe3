import type { JsonSchema } from '../json/json.js';
import {
  type BreakerSettings,
  type ChannelDefinition,
  DEFINITION_SCHEMA,
  type EdgeDefinition,
  type END,
  type Finding,
  type GateDefinition,
  type NodeDefinition,
  type START,
  type Value,
  type WorkflowDefinition,
} from './definition.js';
import { parseDefinition } from './parse-definition.js';

/** A node as the builder takes it: its id apart, and only channels that were declared before. */
export type NodeSpec<Channels extends string> = DistributedSpec<NodeDefinition, Channels>;
type DistributedSpec<N, Channels extends string> = N extends NodeDefinition
  ? Omit<N, 'id' | 'output' | 'outputs' | 'set'> &
      ('set' extends keyof N ? { set: Partial<Record<Channels, Value>> } : unknown) &
      ('output' extends keyof N ? { output?: Channels; outputs?: Partial<Record<Channels, string>> } : unknown)
  : never;

export type EdgeOptions = Omit<EdgeDefinition, 'source' | 'target'>;

/** The built definition has an error; `findings` says which. */
export class InvalidWorkflowError extends Error {
  constructor(readonly findings: readonly Finding[]) {
    super(findings.map(({ pointer, message }) => `${pointer ?? ''} ${message}`.trim()).join('; '));
    this.name = 'InvalidWorkflowError';
  }
}

/** A CEL expression as a value. */
export const cel = (source: string): { cel: string } => ({ cel: source });

/**
 * Builds a definition step by step; each step knows the channels and nodes declared before it.
 * The builder changes in place: use the one that a method returns.
 */
export class WorkflowBuilder<Channels extends string = never, Nodes extends string = never> {
  private readonly definition: WorkflowDefinition;

  constructor(name: string) {
    this.definition = { schema: DEFINITION_SCHEMA, name, nodes: [], edges: [] };
  }

  description(description: string): this {
    this.definition.description = description;
    return this;
  }

  /** JSON Schema of what an execution is started with. */
  input(schema: JsonSchema): this {
    this.definition.input = schema;
    return this;
  }

  channel<C extends string>(name: C, channel: ChannelDefinition = {}): WorkflowBuilder<Channels | C, Nodes> {
    this.definition.state = { ...this.definition.state, [name]: channel };
    return this as unknown as WorkflowBuilder<Channels | C, Nodes>;
  }

  /** `gate_name` is the name itself. The gate `default` holds every call that names none. */
  gate(name: string, gate: Omit<GateDefinition, 'gate_name'> = {}): this {
    this.definition.hitl_gates = { ...this.definition.hitl_gates, [name]: { gate_name: name, ...gate } };
    return this;
  }

  node<N extends string>(id: N, node: NodeSpec<Channels>): WorkflowBuilder<Channels, Nodes | N> {
    this.definition.nodes.push({ id, ...node } as NodeDefinition);
    return this;
  }

  edge(source: Nodes | typeof START, target: Nodes | typeof END, options: EdgeOptions = {}): this {
    this.definition.edges.push({ source, target, ...options });
    return this;
  }

  /** Fires once each entry has ended: a node, or one of a list of nodes. */
  join(sources: readonly (Nodes | readonly Nodes[])[], target: Nodes | typeof END): this {
    const source = sources.map((entry) => (typeof entry === 'string' ? entry : [...entry]));
    this.definition.edges.push({ source, target });
    return this;
  }

  output(output: Value): this {
    this.definition.output = output;
    return this;
  }

  circuitBreaker(settings: BreakerSettings): this {
    this.definition.circuit_breaker = settings;
    return this;
  }

  limits(limits: NonNullable<WorkflowDefinition['limits']>): this {
    this.definition.limits = limits;
    return this;
  }

  /** A copy that later steps do not change. @throws InvalidWorkflowError */
  build(): WorkflowDefinition {
    const { definition, findings } = parseDefinition(this.definition);
    if (definition === undefined) throw new InvalidWorkflowError(findings);
    return definition;
  }
}

/** Starts a definition in code; {@link WorkflowBuilder.build} ends it. */
export const defineWorkflow = (name: string): WorkflowBuilder => new WorkflowBuilder(name);
