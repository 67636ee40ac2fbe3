/** The platform's API, as far as the example needs it. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** @throws Error with the answer's text for any status but these */
  async call<T>(method: 'GET' | 'POST', path: string, statuses: number[], body?: Body): Promise<T> {
    const response = await this.send(method, path, body);
    const text = await response.text();
    if (!statuses.includes(response.status)) throw new Error(`${method} ${path}: ${String(response.status)} ${text}`);
    return JSON.parse(text) as T;
  }

  async send(method: 'GET' | 'POST', path: string, body?: Body): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': body.type }),
      },
      ...(body === undefined ? {} : { body: body.text }),
    });
  }
}

export interface Body {
  type: string;
  text: string;
}

export const json = (value: unknown): Body => ({ type: 'application/json', text: JSON.stringify(value) });
