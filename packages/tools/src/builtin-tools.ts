import { type BuiltinTool, type ToolSpec, type WorkflowDefinition } from '@aumos/agf-domain';
import { csvProfile } from './builtin/csv-profile/csv-profile.js';
import { csvRead } from './builtin/csv-read/csv-read.js';
import { htmlToMarkdown } from './builtin/html-to-markdown/html-to-markdown.js';
import { httpGet } from './builtin/http-get/http-get.js';
import { httpWrite } from './builtin/http-write/http-write.js';
import { jsonQuery } from './builtin/json-query/json-query.js';
import { rssRead } from './builtin/rss-read/rss-read.js';
import { tableLoad } from './builtin/table-load/table-load.js';
import { textExtract } from './builtin/text-extract/text-extract.js';
import { webhookPost } from './builtin/webhook-post/webhook-post.js';

const BUILT_IN: readonly BuiltinTool[] = [
  csvProfile,
  csvRead,
  jsonQuery,
  textExtract,
  htmlToMarkdown,
  httpGet,
  rssRead,
  webhookPost,
  tableLoad,
  httpWrite,
];

/** The tools every tenant has. */
export class BuiltinTools {
  readonly #tools = new Map(BUILT_IN.map((tool) => [tool.spec.name, tool]));
  /** by name: what the validator of definitions wants to know */
  readonly specs: ReadonlyMap<string, ToolSpec> = new Map(BUILT_IN.map(({ spec }) => [spec.name, spec]));

  list(): ToolSpec[] {
    return [...this.specs.values()];
  }

  get(name: string): BuiltinTool | undefined {
    return this.#tools.get(name);
  }

  /** By name, of every tool that a definition calls, what undoes included. @param besides names of others, as agents have them */
  specsOf({ nodes }: WorkflowDefinition, besides: readonly string[] = []): Record<string, ToolSpec> {
    const named = nodes.flatMap((node) => [
      ...(node.type === 'tool' ? [node.tool] : []),
      ...(node.compensate === undefined ? [] : [node.compensate.tool]),
    ]);
    const specs = [...new Set([...named, ...besides])].flatMap((name) => {
      const spec = this.specs.get(name);
      return spec ? [[name, spec] as const] : [];
    });
    return Object.fromEntries(specs);
  }
}
