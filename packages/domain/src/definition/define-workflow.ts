import type { FromJsonSchema, JsonSchemaLiteral } from '../schema/from-json-schema.js';
import type { JsonSchema } from '../json/json.js';
import type { TypedWorkflow } from './code/callables.js';
import type { Given } from './code/expr.js';
import type { EdgeOptions, ForEach, NodeSpec, WrittenExpression } from './code/node-spec.js';
import { plainExpression, plainNode, plainValue } from './code/plain.js';
import type {
  ChannelLiteral,
  ChannelOf,
  GateNames,
  InputOf,
  ItemNames,
  Names,
  NothingYet,
  Shape,
  Typed,
  With,
} from './code/shape.js';
import {
  type BreakerSettings,
  type ChannelDefinition,
  DEFINITION_SCHEMA,
  type EdgeDefinition,
  type END,
  type Finding,
  type GateDefinition,
  type START,
  type WorkflowDefinition,
} from './definition.js';
import { parseDefinition } from './parse-definition.js';

type GateSpec<S extends Shape> = Omit<GateDefinition, 'gate_name' | 'trigger_condition'> & {
  trigger_condition?: WrittenExpression<GateNames<S>, boolean>;
};
type Json = FromJsonSchema<true>;
/** A name that is not taken. */
type Fresh<S extends Shape, N extends string> = N & Exclude<N, S['nodes']>;

/** `on_error` or `on_open` names nodes that were never declared. */
interface Missing<Nodes> {
  readonly missing_nodes: Nodes;
}

/** The built definition has an error; `findings` says which. */
export class InvalidWorkflowError extends Error {
  constructor(readonly findings: readonly Finding[]) {
    super(findings.map(({ pointer, message }) => `${pointer ?? ''} ${message}`.trim()).join('; '));
    this.name = 'InvalidWorkflowError';
  }
}

/**
 * Builds a definition step by step; each step knows the input, channels, gates and nodes declared before it, and their
 * types. Wherever a value stands, `($) => …` writes it from the variables in scope, CEL's text by `cel('…')`.
 * The builder changes in place: use the one that a method returns.
 */
export class WorkflowBuilder<S extends Shape = NothingYet> {
  private readonly definition: WorkflowDefinition;

  constructor(name: string) {
    this.definition = { schema: DEFINITION_SCHEMA, name, nodes: [], edges: [] };
  }

  description(description: string): this {
    this.definition.description = description;
    return this;
  }

  /** JSON Schema of what an execution is started with; `typed<T>(schema)` gives it a type of its own. */
  input<const I extends JsonSchemaLiteral | Typed<unknown>>(
    schema: I,
  ): WorkflowBuilder<With<S, { input: InputOf<I> }>> {
    this.definition.input = schema as JsonSchema;
    return this.as();
  }

  /** Its type is what its schema and reducer say; `typed<T>({…})` gives it one of its own. */
  channel<const C extends string, const D extends ChannelLiteral | Typed<unknown> = object>(
    name: C,
    channel?: D,
  ): WorkflowBuilder<With<S, { state: S['state'] & Record<C, ChannelOf<D>> }>> {
    this.definition.state = { ...this.definition.state, [name]: (channel ?? {}) as ChannelDefinition };
    return this.as();
  }

  /** `gate_name` is the name itself. The gate `default` holds every call that names none. */
  gate<const G extends string>(
    name: G,
    { trigger_condition, ...gate }: GateSpec<S> = {},
  ): WorkflowBuilder<With<S, { gates: S['gates'] | G }>> {
    const condition = trigger_condition === undefined ? {} : { trigger_condition: plainExpression(trigger_condition) };
    this.definition.hitl_gates = { ...this.definition.hitl_gates, [name]: { gate_name: name, ...gate, ...condition } };
    return this.as();
  }

  node<
    const N extends string,
    Args = Json,
    Result = Json,
    const Answer extends JsonSchemaLiteral = true,
    Wanted extends string = never,
  >(
    id: Fresh<S, N>,
    node: NodeSpec<S, Wanted, Args, Result, Answer>,
  ): WorkflowBuilder<With<S, { nodes: S['nodes'] | N; wanted: S['wanted'] | Wanted }>> {
    this.definition.nodes.push(plainNode(id, node));
    return this.as();
  }

  /** A node with the edge by which it runs once an item, which it knows as `$.item`. */
  forEach<
    const N extends string,
    Item = Json,
    Args = Json,
    Result = Json,
    const Answer extends JsonSchemaLiteral = true,
    Wanted extends string = never,
  >(
    id: Fresh<S, N>,
    { source, items, condition, ...over }: ForEach<S, Item>,
    node: NodeSpec<S, Wanted, Args, Result, Answer, Names<S> & ItemNames<[Item] extends [never] ? Json : Item>>,
  ): WorkflowBuilder<With<S, { nodes: S['nodes'] | N; wanted: S['wanted'] | Wanted }>> {
    this.definition.nodes.push(plainNode(id, node));
    return this.as()
      .draw({ source, target: id, ...over }, condition, items)
      .as();
  }

  edge(source: S['nodes'] | typeof START, target: S['nodes'] | typeof END, options: EdgeOptions<S> = {}): this {
    const { condition, for_each, ...rest } = options;
    return this.draw({ source, target, ...rest }, condition, for_each);
  }

  /** Fires once each entry has ended: a node, or one of a list of nodes. */
  join(sources: readonly (S['nodes'] | readonly S['nodes'][])[], target: S['nodes'] | typeof END): this {
    const source = sources.map((entry) => (typeof entry === 'string' ? entry : [...entry]));
    this.definition.edges.push({ source, target });
    return this;
  }

  output<const O>(output: O | (($: Names<S>) => O)): WorkflowBuilder<With<S, { output: Given<O> }>> {
    this.definition.output = plainValue(output);
    return this.as();
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
  build(
    this: [Exclude<S['wanted'], S['nodes'] | 'CONTINUE'>] extends [never]
      ? WorkflowBuilder<S>
      : Missing<Exclude<S['wanted'], S['nodes'] | 'CONTINUE'>>,
  ): TypedWorkflow<S['input'], S['output']> {
    const { definition, findings } = parseDefinition((this as WorkflowBuilder<S>).definition);
    if (definition === undefined) throw new InvalidWorkflowError(findings);
    return definition;
  }

  private draw(edge: EdgeDefinition, condition: unknown, forEach: unknown): this {
    this.definition.edges.push({
      ...edge,
      ...(condition === undefined ? {} : { condition: plainExpression(condition) }),
      ...(forEach === undefined ? {} : { for_each: plainExpression(forEach) }),
    });
    return this;
  }

  /** The same builder, which now knows more. */
  private as<Next extends Shape>(): WorkflowBuilder<Next> {
    return this as unknown as WorkflowBuilder<Next>;
  }
}

/** Starts a definition in code; {@link WorkflowBuilder.build} ends it. */
export const defineWorkflow = (name: string): WorkflowBuilder => new WorkflowBuilder(name);
