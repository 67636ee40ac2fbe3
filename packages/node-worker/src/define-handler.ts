import type { Json } from '@aumos/agf-domain/runtime';
import { argumentsCheck, resultCheck } from './check.js';
import type { HandlerContext } from './handler-context.js';
import type { ArgumentsOf, HandlerSchema, ReceivedOf, ResultOf, SentTo } from './schema-types.js';

export interface HandlerSpec<I extends HandlerSchema | undefined, O extends HandlerSchema | undefined> {
  /** what it is called with; default: any object */
  input?: I;
  /** what it gives; default: any JSON */
  output?: O;
  /** May run again with the same effect key, and twice at once: a worker that was taken for dead may still be at it. */
  run(args: ArgumentsOf<I>, context: HandlerContext): Promise<ResultOf<O>> | ResultOf<O>;
}

/** `Sent` and `Received`: its arguments and result as a definition has them, which a schema may turn into others. */
export interface Handler<Args = unknown, Result = unknown, Sent = unknown, Received = unknown> {
  /** for the compiler alone: `handlersOf<typeof handlers>()` of a definition in code */
  readonly types?: { sent: Sent; received: Received };
  /** the handler alone, for its own tests */
  run(args: Args, context: HandlerContext): Promise<Result> | Result;
  /** with both checks, as the worker calls it. @throws HandlerError INVALID_ARGUMENTS, INVALID_RESULT, its own */
  call(args: unknown, context: HandlerContext): Promise<Json>;
}
export type AnyHandler = Pick<Handler, 'call'>;
/** By name: the `handler` of function nodes. */
export type Handlers = Readonly<Record<string, AnyHandler>>;

/** A handler of function nodes. Types of arguments and result follow from its schemas. @throws InvalidSchemaError */
export function defineHandler<
  const I extends HandlerSchema | undefined = undefined,
  const O extends HandlerSchema | undefined = undefined,
>(spec: HandlerSpec<I, O>): Handler<ArgumentsOf<I>, ResultOf<O>, SentTo<I>, ReceivedOf<O>> {
  const given = argumentsCheck(spec.input);
  const gives = resultCheck(spec.output);
  const run = (args: ArgumentsOf<I>, context: HandlerContext): Promise<ResultOf<O>> | ResultOf<O> =>
    spec.run(args, context);
  return {
    run,
    call: async (args, context) => gives(await run((await given(args)) as ArgumentsOf<I>, context)),
  };
}
