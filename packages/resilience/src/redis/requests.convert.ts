import {
  type Admission,
  type BreakerConfig,
  type BreakerKey,
  type ChainLink,
  countsOnce,
  DEFAULT_MINIMUM_CALLS,
  isCounted,
  isSlow,
  outcomeFor,
  type Permit,
  type ReportedOutcome,
} from '@aumos/agf-domain';

export interface AcquireRequest {
  chain: ChainLink[];
  permitId: string;
  leaseMs: number;
}
export interface ReportRequest {
  permit: Permit;
  outcome: ReportedOutcome;
  tookMs: number | undefined;
  jitter: number;
}

/** Each key once, by number from 1: calls made together mostly share their breakers. */
class Keys {
  readonly #numbers = new Map<BreakerKey, number>();

  number(key: BreakerKey): string {
    const known = this.#numbers.get(key);
    if (known !== undefined) return String(known);
    this.#numbers.set(key, this.#numbers.size + 1);
    return String(this.#numbers.size);
  }

  list(): BreakerKey[] {
    return [...this.#numbers.keys()];
  }
}

/** As the script reads them. JSON by hand, of numbers: it is on the path of every call. */
export function acquireRequests(requests: AcquireRequest[]): { keys: BreakerKey[]; json: string } {
  const keys = new Keys();
  const json = requests.map(({ chain, permitId, leaseMs }) => {
    const links = chain.map(
      ({ key, mode, config }) => `[${keys.number(key)},${mode === 'count' ? '1' : '0'},${probing(config)}]`,
    );
    return `[${String(leaseMs)},${JSON.stringify(permitId)},[${links.join()}]]`;
  });
  return { keys: keys.list(), json: `[${json.join()}]` };
}

export function reportRequests(requests: ReportRequest[]): { keys: BreakerKey[]; json: string; once: boolean } {
  const keys = new Keys();
  let once = false;
  const json = requests.map(({ permit, outcome, tookMs, jitter }) => {
    const links = permit.links.map(({ key, epoch, config }) => {
      const end = endOf(config, outcome, key);
      const slow = isSlow(config, tookMs) ? '1' : '0';
      return `[${keys.number(key)},${String(epoch)},${end},${slow},${probing(config)},${counting(config)}]`;
    });
    const counts = countsOnce(permit, outcome);
    once ||= counts;
    return `[${JSON.stringify(permit.id)},${String(jitter)},${counts ? '1' : '0'},[${links.join()}]]`;
  });
  return { keys: keys.list(), json: `[${json.join()}]`, once };
}

/** @param answer 1: admitted, every epoch 0; else what the script says of this request */
export function admission({ chain, permitId }: AcquireRequest, answer: 1 | number[]): Admission {
  const [admitted, ...epochs] = answer === 1 ? [1] : answer;
  if (admitted === 0) {
    const [link = 1, state, retry_after_ms = 0] = epochs;
    const { key } = chain[link - 1] as ChainLink;
    return { admitted: false, key, state: state === 1 ? 'open' : 'half_open', retry_after_ms };
  }
  const links: Permit['links'] = [];
  chain.forEach(({ key, mode, config }, i) => {
    if (mode === 'count') links.push({ key, epoch: epochs[i] ?? 0, config });
  });
  return { admitted: true, permit: { id: permitId, links } };
}

function endOf(config: BreakerConfig, outcome: ReportedOutcome, key: BreakerKey): string {
  const end = outcomeFor(outcome, key);
  if (end === 'ignored') return '0';
  if (end === 'failure') return '3';
  return isCounted(config, end) ? '2' : '1';
}

const probing = (config: BreakerConfig): string =>
  `${String(config.reset_timeout_seconds * 1000)},${String(config.half_open_max_calls)}`;

/** A rate of 0 is none: no rate is that low. */
function counting(config: BreakerConfig): string {
  const { window_seconds, failure_threshold, minimum_calls = DEFAULT_MINIMUM_CALLS } = config;
  const { failure_rate = 0, slow_call_rate = 0 } = config;
  return [window_seconds * 1000, failure_threshold, minimum_calls, failure_rate, slow_call_rate].join();
}
