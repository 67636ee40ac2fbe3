import { type AccountName } from '../issuer/accounts.js';
import { mintToken } from '../issuer/mint-token.js';

/** What the public API refused. */
export class ApiRefusal extends Error {
  constructor(
    readonly status: number,
    /** problem+json, or whatever came */
    readonly body: unknown,
    call: string,
  ) {
    super(`${call} answered ${String(status)}: ${typeof body === 'string' ? body : JSON.stringify(body)}`);
  }
}

export interface Call {
  json?: unknown;
  /** a raw body, with its content type */
  raw?: { type: string; body: string };
  headers?: Record<string, string>;
}

/** The public API as one account sees it. */
export class Api {
  private constructor(
    private readonly gateway: string,
    private readonly bearer: string,
  ) {}

  static async as(account: AccountName, { gateway, issuer }: { gateway: string; issuer: string }): Promise<Api> {
    return new Api(gateway, await mintToken(issuer, account));
  }

  static with(token: string, gateway: string): Api {
    return new Api(gateway, token);
  }

  /**
   * @param path below /api/v1
   * @throws ApiRefusal for anything but 2xx
   */
  async call<T>(method: 'GET' | 'POST', path: string, { json, raw, headers }: Call = {}): Promise<T> {
    const type = raw?.type ?? (json === undefined ? undefined : 'application/json');
    const response = await fetch(`${this.gateway}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.bearer}`, ...(type ? { 'content-type': type } : {}), ...headers },
      body: raw?.body ?? (json === undefined ? undefined : JSON.stringify(json)),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    const body = parsed(text);
    if (!response.ok) throw new ApiRefusal(response.status, body, `${method} ${path}`);
    return body as T;
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** One page of a list. */
export interface Page<T> {
  items: T[];
  has_next: boolean;
}
