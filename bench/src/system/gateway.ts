import { Agent, request } from 'node:http';
import { mintToken, type AccountName } from '@aumos/agf-devstack';

export interface Answer {
  status: number;
  body: string;
}

/** The public API over connections that stay open, as a product's backend calls it. */
export class Gateway {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async as(account: AccountName, { gateway, issuer }: { gateway: string; issuer: string }): Promise<Gateway> {
    return new Gateway(gateway, await mintToken(issuer, account));
  }

  /** @param path below /api/v1 */
  post(path: string, json: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const body = JSON.stringify(json);
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.url}/api/v1${path}`,
        {
          method: 'POST',
          agent: this.agent,
          headers: {
            authorization: `Bearer ${this.token}`,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            ...headers,
          },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, body: text });
          });
          response.on('error', reject);
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
