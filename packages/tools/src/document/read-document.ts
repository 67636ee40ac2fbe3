import { CallerError, type ToolContext } from '@aumos/agf-domain';
import { checkedStatus } from '../http/checked-status.js';
import { decodedText, mediaType } from '../http/decoded-text.js';
import { type DocumentArguments } from './document-arguments.js';
import { readArtifact } from './read-artifact.js';

export interface Document {
  text: string;
  isHtml: boolean;
}

const MOST_BYTES = 2 * 1024 * 1024;
const HTML: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml']);
const TEXT = /^(?:text\/.*|application\/(?:.*\+)?(?:json|xml|yaml|x-ndjson))$/;

/**
 * @throws ToolError `INVALID_ARGUMENTS`, `ARTIFACT_NOT_FOUND`, `DOCUMENT_TOO_LARGE`, `NOT_TEXT`, `UPSTREAM_STATUS`, or the
 *   outgoing client's
 */
export async function readDocument(args: DocumentArguments, context: ToolContext): Promise<Document> {
  const { html, source, url } = args;
  const given = [html, source, url].filter((each) => each !== undefined);
  if (given.length !== 1) throw new CallerError('INVALID_ARGUMENTS', 'one of html, source and url says what to read');
  if (html !== undefined) return { text: html, isHtml: true };
  const { bytes, type } = source === undefined ? await fetched(url ?? '', context) : await stored(source, context);
  const media = mediaType(type);
  if (!HTML.has(media) && !TEXT.test(media))
    throw new CallerError('NOT_TEXT', 'this is neither HTML nor another text', { content_type: media });
  return { text: decodedText(bytes, type), isHtml: HTML.has(media) };
}

async function fetched(url: string, { outgoing, signal }: ToolContext): Promise<{ bytes: Uint8Array; type?: string }> {
  const headers = { accept: 'text/html, application/xhtml+xml, text/*;q=0.8, */*;q=0.1' };
  const response = await outgoing.request({ method: 'GET', url, headers, maxBytes: MOST_BYTES, signal });
  const { body, headers: told } = checkedStatus(response);
  return { bytes: body, type: told.get('content-type') };
}

/** @throws CallerError `ARTIFACT_NOT_FOUND`, `DOCUMENT_TOO_LARGE` */
export async function storedText(source: string, context: ToolContext): Promise<string> {
  const { bytes, type } = await stored(source, context);
  return decodedText(bytes, type);
}

async function stored(source: string, context: ToolContext): Promise<{ bytes: Uint8Array; type: string }> {
  const { info, bytes } = await readArtifact(source, MOST_BYTES, context, 'DOCUMENT_TOO_LARGE');
  return { bytes, type: info.content_type };
}
