import { type BuiltinTool, type Json, type ToolContext } from '@aumos/agf-domain';
import { checkedStatus } from '../../http/checked-status.js';
import { textOf } from '../../http/decoded-text.js';
import { runIsolated } from '../../isolated/run-isolated.js';
import { RSS_READ } from './spec.js';

const MOST_BYTES = 2 * 1024 * 1024;
const ACCEPT = 'application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5';

export const rssRead: BuiltinTool = {
  spec: RSS_READ,
  run: (args, context) => read(args as unknown as { url: string; max_items?: number }, context),
};

async function read({ url, max_items = 20 }: { url: string; max_items?: number }, context: ToolContext): Promise<Json> {
  const { outgoing, signal } = context;
  const headers = { accept: ACCEPT };
  const response = await outgoing.request({ method: 'GET', url, headers, maxBytes: MOST_BYTES, signal });
  return runIsolated({ kind: 'feed', text: textOf(checkedStatus(response)), most: max_items }, signal);
}
