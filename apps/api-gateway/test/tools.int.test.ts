import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Gateway, startGateway } from './support/gateway.js';

interface Listed {
  id: string;
  min_privilege_level: number;
  input_schema: object;
}

describe('the tools every tenant has', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  }, 120_000);
  afterAll(() => gateway.close());

  const listed = async (query = ''): Promise<Listed[]> => {
    const tools: Listed[] = (await gateway.call('GET', `/tools/builtin${query}`)).body;
    return tools;
  };
  const ids = (tools: Listed[]): string[] => tools.map(({ id }) => id).sort();

  it('are listed with their levels', async () => {
    expect(Object.fromEntries((await listed()).map((tool) => [tool.id, tool.min_privilege_level]))).toMatchObject({
      ...{ csv_profile: 1, csv_read: 1, json_query: 1, text_extract: 1, html_to_markdown: 1, http_get: 1, rss_read: 1 },
      ...{ webhook_post: 2, sql_read: 2, ticket_create: 2, table_load: 3, http_write: 3, email_send: 3, file_write: 3 },
      ...{ workflow_start: 2, connection_admin: 4, llm_summarize: 1, embedding_search: 1 },
    });
  });

  it('are found by category and by the level that is there', async () => {
    expect(ids(await listed('?category=http'))).toEqual(['http_get', 'http_write', 'rss_read', 'webhook_post']);
    expect(ids(await listed('?category=http&max_privilege_level=2'))).toEqual(['http_get', 'rss_read', 'webhook_post']);
    expect(ids(await listed('?category=text'))).toEqual([
      ...['embedding_search', 'html_to_markdown', 'llm_summarize', 'text_extract'],
    ]);
  });

  it('are each shown as they are listed', async () => {
    for (const tool of await listed())
      expect(await gateway.call('GET', `/tools/builtin/${tool.id}`)).toMatchObject({ status: 200, body: tool });
    expect((await gateway.call('GET', '/tools/builtin/nothing')).status).toBe(404);
  });
});
