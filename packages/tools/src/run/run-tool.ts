import {
  type BuiltinTool,
  CallerError,
  compileSchema,
  type Json,
  type JsonObject,
  type JsonSchema,
  jsonSize,
  type ToolContext,
  ToolError,
  type ToolSpec,
} from '@aumos/agf-domain';

/** Of JSON: what is more than an execution carries is given by reference, and this is more than anything is made of. */
const MOST_RESULT_BYTES = 32 * 1024 * 1024;

type CompiledSchema = ReturnType<typeof compileSchema>;
const compiled = new WeakMap<object, CompiledSchema>();

/**
 * Runs a tool under its contract: arguments and result by its schemas, its timeout, the size of its result. A tool that
 * does not listen to its signal is left behind when its time is over.
 * @throws ToolError `INVALID_ARGUMENTS`, `INVALID_RESULT`, `RESULT_TOO_LARGE`, `TOOL_TIMEOUT`, `TOOL_FAILED`, or the tool's own;
 *   the reason of `context.signal` when that is what ended it
 */
export async function runTool(tool: BuiltinTool, args: Json, context: ToolContext): Promise<Json> {
  checkArguments(tool.spec, args);
  return checkedResult(tool.spec, await timed(tool, args as JsonObject, context));
}

/** @throws CallerError `INVALID_ARGUMENTS` */
export function checkArguments(spec: ToolSpec, args: Json): void {
  const unfit = misfit(spec.input_schema, args);
  if (!unfit) return;
  const text = `${spec.name} does not take these arguments: ${unfit.text}`;
  throw new CallerError('INVALID_ARGUMENTS', text, unfit.details);
}

/** @throws ToolError `INVALID_RESULT`, `RESULT_TOO_LARGE` */
export function checkedResult(spec: ToolSpec, result: Json): Json {
  const broken = misfit(spec.output_schema, result);
  if (broken)
    throw new ToolError(
      'INVALID_RESULT',
      `${spec.name} gave a result that is not what it promises: ${broken.text}`,
      false,
      broken.details,
    );
  const size = jsonSize(result);
  if (size <= MOST_RESULT_BYTES) return result;
  throw new CallerError('RESULT_TOO_LARGE', `the result of ${spec.name} has ${String(size)} bytes`, {
    limit: MOST_RESULT_BYTES,
  });
}

async function timed(tool: BuiltinTool, args: JsonObject, context: ToolContext): Promise<Json> {
  const { name, timeout_seconds } = tool.spec;
  const late = new ToolError('TOOL_TIMEOUT', `${name} took longer than ${String(timeout_seconds)} s`, true);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(late), timeout_seconds * 1000);
  const signal = AbortSignal.any([context.signal, timeout.signal]);
  signal.throwIfAborted();
  const running = tool.run(args, { ...context, signal, heartbeat: (details) => context.heartbeat(details) });
  try {
    return await Promise.race([running, whenAborted(signal)]);
  } catch (error) {
    // What a tool throws because it was told to stop says nothing: why it was told does.
    signal.throwIfAborted();
    if (error instanceof ToolError) throw error;
    // Its text may hold what nobody should read: it is the cause, for logs that know their redactions, not the message.
    throw Object.assign(new ToolError('TOOL_FAILED', `${name} failed`, true), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

const whenAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

function misfit(schema: JsonSchema, value: Json): { text: string; details: JsonObject } | null {
  if (typeof schema === 'boolean') return null;
  const known = compiled.get(schema) ?? compileSchema(schema);
  compiled.set(schema, known);
  const [first, ...others] = known.check(value);
  if (!first) return null;
  const issues = [first, ...others.slice(0, 9)].map(({ pointer, message: text }) => ({ pointer, message: text }));
  return { text: `${first.pointer || '/'} ${first.message}`, details: { issues } };
}
