import { type BuiltinTool, CallerError, type Json, type JsonObject, type ToolContext } from '@aumos/agf-domain';
import { storedText } from '../../document/read-document.js';
import { runIsolated } from '../../isolated/run-isolated.js';
import { JSON_QUERY, type JsonQueryArguments } from './spec.js';

export const jsonQuery: BuiltinTool = {
  spec: JSON_QUERY,
  run: (args, context) => query(args as unknown as JsonQueryArguments, context),
};

async function query(args: JsonQueryArguments, context: ToolContext): Promise<JsonObject> {
  const data = await dataOf(args, context);
  return { result: await runIsolated({ kind: 'query', expression: args.query, data }, context.signal) };
}

async function dataOf({ data, source }: JsonQueryArguments, context: ToolContext): Promise<Json> {
  if ((data === undefined) === (source === undefined))
    throw new CallerError('INVALID_ARGUMENTS', 'one of data and source says what to look into');
  if (source === undefined) return data ?? null;
  const text = await storedText(source, context);
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new CallerError('NOT_JSON', 'the artifact is not JSON');
  }
}
