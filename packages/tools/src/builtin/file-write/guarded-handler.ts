import { Readable } from 'node:stream';
import { type OutgoingMethod, type ToolContext } from '@aumos/agf-domain';
import { type S3ClientConfig } from '@aws-sdk/client-s3';

type Handler = Extract<NonNullable<S3ClientConfig['requestHandler']>, { handle: unknown }>;
type Asked = Parameters<Handler['handle']>[0];
type Answered = Awaited<ReturnType<Handler['handle']>>;

/** The outgoing client's own. */
const NOT_SENT: ReadonlySet<string> = new Set(['host', 'content-length', 'expect', 'accept-encoding', 'connection']);
const MOST_ANSWER_BYTES = 256 * 1024;

/** Sends what the S3 client has signed by the guarded client: its rules, and no other, say where that may go. */
export const guardedHandler = ({ outgoing, signal }: Pick<ToolContext, 'outgoing' | 'signal'>): Handler =>
  ({
    async handle({ protocol, hostname, port, path, query, method, headers, body }: Asked): Promise<Answered> {
      const url = `${protocol}//${hostname}${port === undefined ? '' : `:${String(port)}`}${path}${queryOf(query as Parameters<typeof queryOf>[0])}`;
      const response = await outgoing.request({
        method: method as OutgoingMethod,
        url,
        headers: Object.fromEntries(
          Object.entries(headers as Record<string, string>).filter(([name]) => !NOT_SENT.has(name.toLowerCase())),
        ),
        ...(body === undefined ? {} : { body: body as Uint8Array }),
        maxRedirects: 0,
        maxBytes: MOST_ANSWER_BYTES,
        timeoutMs: 100_000,
        signal,
      });
      return {
        response: {
          statusCode: response.status,
          headers: Object.fromEntries(response.headers),
          body: Readable.from([Buffer.from(response.body)]),
        },
      } as Answered;
    },
  }) as Handler;

function queryOf(query: Record<string, string | string[] | null> = {}): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map(
      (each) => `${encodeURIComponent(name)}=${encodeURIComponent(each ?? '')}`,
    ),
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
