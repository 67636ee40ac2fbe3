import { type Json } from '@aumos/agf-domain/runtime';
import { type Job } from './job.js';

/** Each library is loaded by the job that needs it. @throws ToolError */
export async function perform(job: Job): Promise<Json> {
  switch (job.kind) {
    case 'feed':
      return (await import('../builtin/rss-read/feed-of.js')).feedOf(job.text, job.most);
    case 'markdown':
      return (await import('../builtin/html-to-markdown/markdown-of.js')).markdownOf(job.html);
    case 'plain':
      return (await import('../builtin/text-extract/plain-of.js')).plainOf(job.html);
    case 'query':
      return (await import('../builtin/json-query/found-in.js')).foundIn(job.data, job.expression);
  }
}
