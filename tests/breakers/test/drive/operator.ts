import { ISOLATED } from '../plan.js';
import type { Surroundings } from '../surroundings/surroundings.js';
import { clock, type Span } from './told.js';
import { eventually } from '@aumos/agf-testing';

const ORDERED_WITHIN_MS = 60_000;

/** Isolates a breaker and releases it by the API of whichever monitor is there. */
export class Operator {
  constructor(
    private readonly around: Surroundings,
    private readonly tenant: string,
  ) {}

  /** @returns when it was surely isolated: Redis has it. Before there is any load */
  async isolate(): Promise<number> {
    await this.order('isolate', ({ status, body }) => status === 200 && body.in_force);
    return clock();
  }

  /** @param isolated since when @returns until when it surely was */
  async release(isolated: number): Promise<Span> {
    const ended = clock();
    // 422: the answer to an order that was obeyed was lost with its monitor.
    await this.order('release', ({ status }) => status === 200 || status === 422);
    return { begun: isolated, ended };
  }

  private async order(what: string, isDone: (answer: { status: number; body: { in_force?: boolean } }) => unknown) {
    const headers = {
      authorization: `Bearer ${await this.around.token(this.tenant)}`,
      'content-type': 'application/json',
      connection: 'close',
    };
    let next = 0;
    const attempt = async (): Promise<unknown> => {
      const { url } = this.around.monitors[next++ % this.around.monitors.length]!;
      const answer = await fetch(`${url}/api/v1/circuit-breakers/${ISOLATED}/${what}`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ reason: 'by the plan' }),
        signal: AbortSignal.timeout(2_000),
      });
      return isDone({ status: answer.status, body: (await answer.json()) as { in_force?: boolean } });
    };
    await eventually(attempt, `an operator's ${what}`, { timeoutMs: ORDERED_WITHIN_MS, everyMs: 50 });
  }
}
