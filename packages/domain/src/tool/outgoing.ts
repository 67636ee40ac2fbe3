export const OUTGOING_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type OutgoingMethod = (typeof OUTGOING_METHODS)[number];

export interface OutgoingRequest {
  method: OutgoingMethod;
  /** absolute; http or https, without credentials */
  url: string;
  headers?: Readonly<Record<string, string>>;
  /** names of headers that, like `authorization` and `cookie`, never go to another origin */
  secretHeaders?: readonly string[];
  body?: string | Uint8Array;
  signal?: AbortSignal;
  /** for all of it: names, redirects and the body. The client's own limit holds as well, here and below. */
  timeoutMs?: number;
  /** of the body, decompressed */
  maxBytes?: number;
  /** 0: an answer that leads elsewhere is the answer */
  maxRedirects?: number;
  /** told of the body as it comes, decompressed: true ends it there, and nothing more is waited for */
  enough?: (chunk: Uint8Array) => boolean;
}

export interface OutgoingResponse {
  status: number;
  /** by lower-case name; what came several times is joined by `, ` */
  headers: ReadonlyMap<string, string>;
  body: Uint8Array;
  /** who answered in the end, without a fragment */
  url: string;
  redirects: number;
}

export interface OutgoingHost {
  /** a name or an address, without brackets */
  host: string;
  port: number;
  /** where its protocol is spoken: shut for HTTP, and open for it */
  usual: readonly number[];
}

/** Sends requests to where a tenant says, and never to where the tenant may not reach. Bound to one tenant. */
export abstract class OutgoingClient {
  /**
   * Any status is an answer, none an error.
   * @throws ToolError `ADDRESS_BLOCKED`, `INVALID_REQUEST`, `UPSTREAM_UNREACHABLE`, `UPSTREAM_TIMEOUT`, `RESPONSE_TOO_LARGE`,
   *   `TOO_MANY_REDIRECTS`; the reason of `signal` when that is what ended it
   */
  abstract request(request: OutgoingRequest): Promise<OutgoingResponse>;

  /**
   * For what does not speak HTTP: the addresses of a host, looked up once and each checked. Only these may be connected to.
   * @throws ToolError `ADDRESS_BLOCKED`, `UPSTREAM_UNREACHABLE`, `UPSTREAM_TIMEOUT`; the reason of `signal`
   */
  abstract addresses(of: OutgoingHost, signal: AbortSignal): Promise<string[]>;
}
