import type { Json } from '../../json/json.js';
import type { FromJsonSchema, JsonSchemaLiteral } from '../../schema/from-json-schema.js';
import type {
  AgentNode,
  CompensateNode,
  EdgeDefinition,
  FailNode,
  FunctionNode,
  GateNode,
  NodeDefinition,
  ToolNode,
  TransformNode,
  WaitNode,
  WorkflowNode,
} from '../definition.js';
import type { Signature, TypedHandler, TypedSignal, TypedTool } from './callables.js';
import type { Gives, ValueOf } from './expr.js';
import type { Names, ResultNames, Shape, Taking, Writes } from './shape.js';

/** A value, or what writes it from the variables in scope. */
type Written<Variables, V> = V | (($: Variables) => V);
/** CEL text, or what gives it. */
export type WrittenExpression<Variables, T> = string | (($: Variables) => Gives<T> | string);

interface Approved {
  approval_id: string;
  status: 'approved';
  decided_by: string[];
  decided_at: string | null;
  notes: string | null;
}

interface Base<S extends Shape, Wanted extends string, Variables, Result> extends Omit<
  NodeDefinition,
  'id' | 'type' | 'gate' | 'on_error' | 'on_open' | 'compensate'
> {
  gate?: S['gates'];
  /** a node, also one that is declared later */
  on_error?: Wanted;
  /** a node, also one that is declared later, or the normal edges */
  on_open?: Wanted | 'CONTINUE';
  compensate?: { tool: string; arguments: Written<Variables & ResultNames<Result>, ValueOf<Json>> };
}

/** Where a result goes: only into channels that take it. */
interface Gets<S extends Shape, Variables, Result> {
  output?: Taking<S, Result>;
  outputs?: Written<
    Variables & ResultNames<Result>,
    { readonly [C in keyof S['state'] & string]?: string | { cel: string } | Gives<Writes<S, C>> }
  >;
}

/** The members of a node's definition that no type of this file says otherwise. */
type Plain<N extends NodeDefinition, Said extends string> = Omit<
  N,
  keyof NodeBaseMembers | Said | 'output' | 'outputs'
>;
type NodeBaseMembers = Base<Shape, string, unknown, unknown> & { id: string };

interface Calls<Variables, Args> {
  arguments?: Written<Variables, ValueOf<NoInfer<Args>>>;
}

type WaitsFor<S extends Shape, Variables, Result> =
  | { seconds: Written<Variables, ValueOf<number>> }
  | { until: Written<Variables, ValueOf<string>> }
  | ({ signal: string | TypedSignal<Result>; timeout_seconds?: number } & Gets<S, Variables, Result>);

/**
 * A node as the builder takes it. `Args` and `Result` are those of what it calls, where that says them; `Answer` is the
 * response schema of an agent.
 */
export type NodeSpec<
  S extends Shape,
  Wanted extends string,
  Args,
  Result,
  Answer extends JsonSchemaLiteral,
  Variables = Names<S>,
> =
  | (Plain<ToolNode, 'tool' | 'arguments'> & { tool: string | TypedTool<Args, Result> } & Calls<Variables, Args> &
      Gets<S, Variables, Result> &
      Base<S, Wanted, Variables, Result>)
  | (Plain<FunctionNode, 'handler' | 'arguments'> & { handler: string | TypedHandler<Args, Result> } & Calls<
        Variables,
        Args
      > &
      Gets<S, Variables, Result> &
      Base<S, Wanted, Variables, Result>)
  | (Plain<WorkflowNode, 'workflow' | 'input'> & {
      workflow: string | ({ readonly name: string } & Signature<Args, Result>);
      input?: Written<Variables, ValueOf<NoInfer<Args>>>;
    } & Gets<S, Variables, Result> &
      Base<S, Wanted, Variables, Result>)
  | (Plain<AgentNode, 'prompt' | 'response_schema'> & {
      prompt: Written<Variables, ValueOf<string>>;
      response_schema?: Answer;
    } & Gets<S, Variables, FromJsonSchema<Answer>> &
      Base<S, Wanted, Variables, FromJsonSchema<Answer>>)
  | (Plain<TransformNode, 'set'> & {
      set: Written<Variables, { readonly [C in keyof S['state'] & string]?: ValueOf<Writes<S, C>> }>;
    } & Base<S, Wanted, Variables, unknown>)
  | (Plain<GateNode, 'payload'> & { gate: S['gates']; payload?: Written<Variables, ValueOf<Json>> } & Gets<
        S,
        Variables,
        Approved
      > &
      Base<S, Wanted, Variables, Approved>)
  | (Plain<WaitNode, 'seconds' | 'until' | 'signal' | 'timeout_seconds'> &
      WaitsFor<S, Variables, Result> &
      Base<S, Wanted, Variables, unknown>)
  | (Plain<CompensateNode, never> & Base<S, Wanted, Variables, unknown>)
  | (Plain<FailNode, 'message'> & { message: Written<Variables, ValueOf<string>> } & Base<
        S,
        Wanted,
        Variables,
        unknown
      >);

export interface EdgeOptions<S extends Shape> extends Omit<
  EdgeDefinition,
  'source' | 'target' | 'condition' | 'for_each'
> {
  condition?: WrittenExpression<Names<S>, boolean>;
  for_each?: WrittenExpression<Names<S>, readonly unknown[]>;
}

/** The edge by which a node runs once an item. */
export interface ForEach<S extends Shape, Item> extends Omit<EdgeOptions<S>, 'for_each' | 'otherwise'> {
  source: S['nodes'] | 'START';
  items: ($: Names<S>) => Gives<readonly Item[]> | string;
}
