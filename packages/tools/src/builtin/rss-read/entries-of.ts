import { type JsonObject } from '@aumos/agf-domain/runtime';
import { type parseFeed } from 'feedsmith';
import { line } from './line.js';

type Parsed = ReturnType<typeof parseFeed>;

/** A hundred of them fit into a result. */
const SUMMARY_CHARACTERS = 600;

/** One form for the entries of all formats. */
export function entriesOf({ format, feed }: Parsed): JsonObject[] {
  switch (format) {
    case 'atom':
      return (feed.entries ?? []).map(({ id, title, links, authors, published, updated, summary, content }) =>
        entry({
          id,
          title: title?.value,
          link: links?.find(({ rel = 'alternate' }) => rel === 'alternate')?.href,
          author: authors?.[0]?.name,
          published: published ?? updated,
          summary: summary?.value ?? content?.value,
        }),
      );
    case 'json':
      return (feed.items ?? []).map(
        ({ id, title, url, authors, date_published, summary, content_text, content_html }) =>
          entry({
            id,
            title,
            link: url,
            author: authors?.[0]?.name,
            published: date_published,
            summary: summary ?? content_text ?? content_html,
          }),
      );
    case 'rss':
      return (feed.items ?? []).map(({ guid, title, link, authors, dc, pubDate, description, content }) =>
        entry({
          id: guid?.value ?? link,
          title,
          link,
          author: nameOf(authors?.[0]) ?? dc?.creators?.[0],
          published: pubDate ?? dc?.dates?.[0],
          summary: description ?? content?.encoded,
        }),
      );
    case 'rdf':
      return (feed.items ?? []).map(({ title, link, dc, description, content }) =>
        entry({
          id: link,
          title,
          link,
          author: dc?.creators?.[0],
          published: dc?.dates?.[0],
          summary: description ?? content?.encoded,
        }),
      );
  }
}

interface Told {
  id?: string;
  title?: string;
  link?: string;
  author?: string;
  /** a text, wherever the parser is not told otherwise */
  published?: unknown;
  summary?: string;
}

const entry = ({ id, title, link, author, published, summary }: Told): JsonObject => ({
  id: line(id),
  title: line(title, 200),
  link: line(link),
  author: line(author, 100),
  published: line(timeOf(published), 100),
  summary: line(summary, SUMMARY_CHARACTERS),
});

const timeOf = (text: unknown): string | undefined => {
  if (typeof text !== 'string') return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? text : new Date(time).toISOString();
};

const nameOf = (author: string | { name?: string; email?: string } | undefined): string | undefined =>
  typeof author === 'string' ? author : (author?.name ?? author?.email);
