import { type BreakerKey } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { TenantDb } from '../tenant/tenant-db.js';

/** `flapping`: opened again and again; `stuck`: does not close for many times its reset timeout. */
export const BREAKER_ANOMALIES = ['flapping', 'stuck'] as const;
export type BreakerAnomaly = (typeof BREAKER_ANOMALIES)[number];

export interface AnomalyLimits {
  /** flapping: it opened so often */
  openings: number;
  /** … in so many seconds */
  within_seconds: number;
  /** stuck: it has not been closed for so many of its reset timeouts */
  resets: number;
}

const NAMES = `
  select 'agent:' || id as key, name from agf_agent_definitions where id = any($1::uuid[])
  union all select 'workflow:' || id, name from agf_workflow_definitions where id = any($2::uuid[])`;
const NAMED = `
  select 'agent:' || id as key from agf_agent_definitions where strpos(lower(name), lower($1)) > 0
  union all select 'workflow:' || id from agf_workflow_definitions where strpos(lower(name), lower($1)) > 0`;
/** What an operator opened is no anomaly. $1 openings, $2 seconds, $3 resets */
const ANOMALIES = `
  select circuit_key as key, 'flapping' as anomaly from agf_circuit_breaker_transitions
  where from_state = 'closed' and to_state = 'open' and reason <> 'isolated'
    and at > clock_timestamp() - make_interval(secs => $2)
  group by circuit_key having count(*) >= $1
  union all
  select circuit_key, 'stuck' from agf_circuit_breakers
  where state <> 'closed' and reason <> 'isolated' and unclosed_since is not null
    and unclosed_since < clock_timestamp() - make_interval(secs => $3 * reset_ms / 1000.0)`;

/** What a breaker's state does not tell. Needs an open tenant scope. */
@Injectable()
export class BreakerFactsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Of agents and workflows. */
  async names(keys: readonly BreakerKey[]): Promise<Map<BreakerKey, string>> {
    const ids = (prefix: string): string[] =>
      keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    const values = [ids('agent:'), ids('workflow:')];
    const rows = await this.db.em.query<{ key: BreakerKey; name: string }[]>(NAMES, values);
    return new Map(rows.map(({ key, name }) => [key, name]));
  }

  /** Agents and workflows whose names contain the text, in any case. */
  async named(text: string): Promise<Set<BreakerKey>> {
    const rows = await this.db.em.query<{ key: BreakerKey }[]>(NAMED, [text]);
    return new Set(rows.map(({ key }) => key));
  }

  /** Those that show any. */
  async anomalies(limits: AnomalyLimits): Promise<Map<BreakerKey, BreakerAnomaly[]>> {
    const values = [limits.openings, limits.within_seconds, limits.resets];
    const rows = await this.db.em.query<{ key: BreakerKey; anomaly: BreakerAnomaly }[]>(ANOMALIES, values);
    const found = new Map<BreakerKey, BreakerAnomaly[]>();
    for (const { key, anomaly } of rows) found.set(key, [...(found.get(key) ?? []), anomaly]);
    return found;
  }
}
