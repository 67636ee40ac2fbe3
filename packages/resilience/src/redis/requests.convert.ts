import {
  type Admission,
  type BreakerConfig,
  type BreakerKey,
  type CallOutcome,
  type ChainLink,
  type Permit,
} from '@aumos/agf-domain';

export interface AcquireRequest {
  chain: ChainLink[];
  permitId: string;
  leaseMs: number;
}
export interface ReportRequest {
  permit: Permit;
  outcome: CallOutcome;
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
      ({ key, mode, config }) => `[${keys.number(key)},${mode === 'count' ? '1' : '0'},${limits(config)}]`,
    );
    return `[${String(leaseMs)},${JSON.stringify(permitId)},[${links.join()}]]`;
  });
  return { keys: keys.list(), json: `[${json.join()}]` };
}

export function reportRequests(requests: ReportRequest[]): { keys: BreakerKey[]; json: string } {
  const keys = new Keys();
  const json = requests.map(({ permit, outcome, jitter }) => {
    const links = permit.links.map(
      ({ key, epoch, config }) => `[${keys.number(key)},1,${limits(config)},${String(epoch)}]`,
    );
    return `["${outcome}",${JSON.stringify(permit.id)},${String(jitter)},[${links.join()}]]`;
  });
  return { keys: keys.list(), json: `[${json.join()}]` };
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

const limits = (config: BreakerConfig): string =>
  `${String(config.failure_threshold)},${String(config.window_seconds * 1000)},${String(config.reset_timeout_seconds * 1000)},${String(config.half_open_max_calls)}`;
