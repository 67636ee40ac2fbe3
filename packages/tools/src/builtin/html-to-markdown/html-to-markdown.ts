import { type BuiltinTool, CallerError, type JsonObject, type ToolContext } from '@aumos/agf-domain';
import { type DocumentArguments } from '../../document/document-arguments.js';
import { fittedText } from '../../document/fitted-text.js';
import { readDocument } from '../../document/read-document.js';
import { runIsolated } from '../../isolated/run-isolated.js';
import { HTML_TO_MARKDOWN } from './spec.js';

export const htmlToMarkdown: BuiltinTool = {
  spec: HTML_TO_MARKDOWN,
  run: (args, context) => convert(args, context),
};

async function convert(args: DocumentArguments, context: ToolContext): Promise<JsonObject> {
  const { text: html, isHtml } = await readDocument(args, context);
  if (!isHtml) throw new CallerError('NOT_HTML', 'this is not HTML');
  const markdown = (await runIsolated({ kind: 'markdown', html }, context.signal)) as string;
  const { text, truncated } = fittedText(markdown, args.max_characters);
  return { markdown: text, truncated };
}
