import { type BuiltinTool, type ToolSpec } from '@aumos/agf-domain';
import { connectionAdmin } from './builtin/connection-admin/connection-admin.js';
import { csvProfile } from './builtin/csv-profile/csv-profile.js';
import { csvRead } from './builtin/csv-read/csv-read.js';
import { emailSend } from './builtin/email-send/email-send.js';
import { embeddingSearch } from './builtin/embedding-search/embedding-search.js';
import { fileWrite } from './builtin/file-write/file-write.js';
import { htmlToMarkdown } from './builtin/html-to-markdown/html-to-markdown.js';
import { httpGet } from './builtin/http-get/http-get.js';
import { httpWrite } from './builtin/http-write/http-write.js';
import { jsonQuery } from './builtin/json-query/json-query.js';
import { llmSummarize } from './builtin/llm-summarize/llm-summarize.js';
import { rssRead } from './builtin/rss-read/rss-read.js';
import { sqlRead } from './builtin/sql-read/sql-read.js';
import { tableLoad } from './builtin/table-load/table-load.js';
import { textExtract } from './builtin/text-extract/text-extract.js';
import { ticketCreate } from './builtin/ticket-create/ticket-create.js';
import { webhookPost } from './builtin/webhook-post/webhook-post.js';
import { workflowStart } from './builtin/workflow-start/workflow-start.js';

const BUILT_IN: readonly BuiltinTool[] = [
  csvProfile,
  csvRead,
  jsonQuery,
  textExtract,
  htmlToMarkdown,
  httpGet,
  rssRead,
  embeddingSearch,
  llmSummarize,
  sqlRead,
  webhookPost,
  ticketCreate,
  workflowStart,
  tableLoad,
  httpWrite,
  emailSend,
  fileWrite,
  connectionAdmin,
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
}
