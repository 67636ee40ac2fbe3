import type { Json } from '../../json/json.js';
import type { FromJsonSchema, JsonSchemaLiteral } from '../../schema/from-json-schema.js';
import type { WorkflowDefinition } from '../definition.js';

declare const SIGNATURE: unique symbol;

/** Says, to the compiler alone, with what something is called and what it gives. */
export interface Signature<Args, Result> {
  readonly [SIGNATURE]?: (args: Args) => Result;
}

export interface TypedTool<Args, Result> extends Signature<Args, Result> {
  readonly tool: string;
}
export interface TypedHandler<Args, Result> extends Signature<Args, Result> {
  readonly handler: string;
  readonly task_queue?: string;
}
export interface TypedSignal<Payload> extends Signature<never, Payload> {
  readonly signal: string;
}
/** A definition that knows the types of its input and output: another one's `workflow` node may name it. */
export type TypedWorkflow<Input = Json, Output = Json> = WorkflowDefinition & Signature<Input, Output>;

/** A tool by name, with types given or taken from its schemas. */
export function typedTool<Args, Result>(name: string): TypedTool<Args, Result>;
export function typedTool<const I extends JsonSchemaLiteral, const O extends JsonSchemaLiteral>(
  name: string,
  schemas: { input_schema: I; output_schema: O },
): TypedTool<FromJsonSchema<I>, FromJsonSchema<O>>;
export function typedTool(name: string): TypedTool<never, unknown> {
  return { tool: name };
}

/** A signal by name, with its payload's type. */
export const typedSignal = <Payload>(name: string): TypedSignal<Payload> => ({ signal: name });

/** What a worker's handler tells of its types: `defineHandler` makes such. */
export interface KnowsTypes<Sent, Received> {
  readonly types?: { sent: Sent; received: Received };
}
type SentTo<H> = H extends KnowsTypes<infer Sent, infer _> ? (unknown extends Sent ? Json : Sent) : Json;
type ReceivedOf<H> =
  H extends KnowsTypes<infer _, infer Received> ? (unknown extends Received ? Json : Received) : Json;

/**
 * Names a team's handlers by their types alone, so that a definition needs nothing of the code behind them:
 * `const score = handlersOf<typeof handlers>(nodesQueue('risk'))('score')`.
 * @param task_queue where their worker takes calls; default: the platform's queue for functions
 */
export const handlersOf =
  <H extends object>(task_queue?: string) =>
  <N extends keyof H & string>(name: N): TypedHandler<SentTo<H[N]>, ReceivedOf<H[N]>> => ({
    handler: name,
    ...(task_queue === undefined ? {} : { task_queue }),
  });
