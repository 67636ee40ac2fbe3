import { CallerError, type JsonObject } from '@aumos/agf-domain/runtime';
import { parseFeed } from 'feedsmith';
import { entriesOf } from './entries-of.js';
import { line } from './line.js';

/** @throws CallerError `NOT_A_FEED` */
export function feedOf(text: string, most: number): JsonObject {
  const parsed = parsedOf(text);
  const { format } = parsed;
  const entries = entriesOf(parsed);
  const items = entries.slice(0, most);
  return { format, ...aboutOf(parsed), items, truncated: items.length < entries.length };
}

function parsedOf(text: string): ReturnType<typeof parseFeed> {
  try {
    return parseFeed(text);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new CallerError('NOT_A_FEED', 'this is no feed that can be read');
  }
}

function aboutOf({ format, feed }: ReturnType<typeof parseFeed>): JsonObject {
  switch (format) {
    case 'atom': {
      const link = feed.links?.find(({ rel = 'alternate' }) => rel === 'alternate')?.href;
      return { title: line(feed.title?.value), description: line(feed.subtitle?.value), link: line(link) };
    }
    case 'json':
      return { title: line(feed.title), description: line(feed.description), link: line(feed.home_page_url) };
    case 'rss':
    case 'rdf':
      return { title: line(feed.title), description: line(feed.description), link: line(feed.link) };
  }
}
