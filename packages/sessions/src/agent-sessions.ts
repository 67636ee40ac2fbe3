import { type RedisScripting } from '@aumos/agf-resilience/redis';
import { AgentSession } from './agent-session.js';
import { DEFAULT_LIMITS, type SessionLimits } from './limits.js';
import { RedisSessions } from './redis/redis-sessions.js';
import { type SessionInfo, sessionInfo } from './session-info.convert.js';
import { sessionById, type SessionOf, sessionRef } from './session-ref.js';
import { type ValueCipher } from './values/value-cipher.js';
import { type Entry, ValueText } from './values/value-text.js';

export interface SessionOptions {
  /** how long a session stays after its last use */
  ttlSeconds: number;
  limits?: SessionLimits;
  /** seals values; without it they are plain. A value that is not sealed by it does not open. */
  cipher?: ValueCipher;
  /** how long Redis may take to answer (default 1000) */
  timeoutMs?: number;
}
interface OfAgent {
  tenant: string;
  /** the agent's id */
  agent: string;
}

const TIMEOUT_MS = 1_000;
/** Sessions that one command removes. */
const AT_ONCE = 500;

/**
 * What agents remember between their turns: `private` sessions of one agent, and `shared` ones of the agents of one
 * execution. What a tenant, an agent or an execution may not open does not exist for it.
 */
export class AgentSessions {
  readonly #redis: RedisSessions;
  readonly #text: ValueText;

  constructor(redis: RedisScripting, options: SessionOptions) {
    const { ttlSeconds, limits = DEFAULT_LIMITS, cipher, timeoutMs = TIMEOUT_MS } = options;
    this.#redis = new RedisSessions(redis, { ttlMs: ttlSeconds * 1000, limits, timeoutMs });
    this.#text = new ValueText(cipher);
  }

  /**
   * A session to use: `{tenant, agent, session}` is the agent's own, `{tenant, agent, execution: {id, agents}}` the one
   * of all agents that the execution was started with. Nothing is asked of Redis yet; a session begins with its first value.
   * @throws ApiError VALIDATION_ERROR for what is no id; NOT_FOUND for an agent that is not among the execution's
   */
  open(of: SessionOf): AgentSession {
    return new AgentSession(sessionRef(of), this.#redis, this.#text);
  }

  /** The agent's sessions by when they were last used, shared ones that it wrote to included. @param page from 1 */
  async list(
    { tenant, agent }: OfAgent,
    { page, page_size, sort_order = 'desc' }: { page: number; page_size: number; sort_order?: 'asc' | 'desc' },
  ): Promise<{ items: SessionInfo[]; total: number }> {
    const range = { order: sort_order, skip: (page - 1) * page_size, take: page_size };
    const { total, items } = await this.#redis.list(tenant, agent, range);
    return { total, items: items.map(({ name, endsAt, known }) => sessionInfo(name, endsAt, known)) };
  }

  /** @param id as lists show it @returns null when the agent has none such */
  async info(of: OfAgent, id: string): Promise<SessionInfo | null> {
    const ref = sessionById(of, id);
    const shown = await this.#redis.show(ref);
    return shown && sessionInfo(ref.name, Date.now() + shown.leftMs, shown.known);
  }

  /** All values of one; it does not last longer for being looked at. @throws ApiError NOT_FOUND, INTERNAL_ERROR for what does not open */
  async values(of: OfAgent, id: string): Promise<Map<string, Entry>> {
    const ref = sessionById(of, id);
    const fields = await this.#redis.showAll(ref);
    return new Map(fields.map(([key, field]) => [key, this.#text.read(ref, key, field)]));
  }

  /** @returns whether there was one */
  async remove(of: OfAgent, id: string): Promise<boolean> {
    return this.#redis.clear(sessionById(of, id));
  }

  /** All that `list` shows, shared ones for all of their agents. @returns how many there were */
  async removeAll({ tenant, agent }: OfAgent): Promise<number> {
    let count = 0;
    for (;;) {
      const { looked, removed } = await this.#redis.removeSome(tenant, agent, AT_ONCE);
      count += removed;
      if (looked < AT_ONCE) return count;
    }
  }
}
