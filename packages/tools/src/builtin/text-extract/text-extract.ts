import { type BuiltinTool, type JsonObject, type ToolContext } from '@aumos/agf-domain';
import { type DocumentArguments } from '../../document/document-arguments.js';
import { fittedText } from '../../document/fitted-text.js';
import { readDocument } from '../../document/read-document.js';
import { runIsolated } from '../../isolated/run-isolated.js';
import { TEXT_EXTRACT } from './spec.js';

export const textExtract: BuiltinTool = {
  spec: TEXT_EXTRACT,
  run: (args, context) => extract(args, context),
};

async function extract(args: DocumentArguments, context: ToolContext): Promise<JsonObject> {
  const { text, isHtml } = await readDocument(args, context);
  const plain = isHtml ? ((await runIsolated({ kind: 'plain', html: text }, context.signal)) as string) : text;
  return fittedText(plain, args.max_characters);
}
