import { ApiError, redisKey } from '@aumos/agf-domain';
import { type RedisScripting, type Script, script, ScriptRunner, Turn } from '@aumos/agf-resilience/redis';
import { type SessionLimits } from '../limits.js';
import { noSession, type SessionRef } from '../session-ref.js';
import { orAway } from './away.js';
import { SESSION_SCRIPTS } from './session.lua.js';

export interface RedisSessionsOptions {
  ttlMs: number;
  timeoutMs: number;
  limits: SessionLimits;
}
interface Question {
  ref: SessionRef;
  key: string;
}
type Name = keyof typeof SESSION_SCRIPTS;
type Changed = readonly [outcome: string, ...rest: unknown[]];

const SCRIPTS = Object.fromEntries(
  Object.entries(SESSION_SCRIPTS).map(([name, source]) => [name, script(source)]),
) as Record<Name, Script>;
const VALUE = 'k:';
const FOREIGN = 0;

/** Sessions as Redis has them: texts by key. Every method is one round trip. @throws as `orAway`, and NOT_FOUND for an agent that may not open the session */
export class RedisSessions {
  readonly #runner: ScriptRunner;
  readonly #ttl: string;
  readonly #reads = new Turn((tenant, questions: Question[]) => this.#read(questions));

  constructor(
    redis: RedisScripting,
    private readonly options: RedisSessionsOptions,
  ) {
    this.#runner = new ScriptRunner(redis);
    this.#ttl = String(options.ttlMs);
  }

  /** What is read in one turn of the event loop is read by one command. */
  async read(ref: SessionRef, key: string): Promise<string | null> {
    const answer = await orAway(this.options.timeoutMs, this.#reads.ask(ref.tenant, { ref, key }));
    return opened(answer) as string | null;
  }

  async readAll(ref: SessionRef): Promise<[key: string, field: string][]> {
    return valuesOf(await this.#ask('readAll', [keyOf(ref)], ref.agent));
  }

  /** @returns the new version */
  async set(ref: SessionRef, key: string, text: string): Promise<number> {
    const [, version] = this.#done(await this.#change('set', ref, key, text));
    return Number(version);
  }

  /** @param expected null: there must be no value */
  async compareAndSet(
    ref: SessionRef,
    key: string,
    text: string,
    expected: number | null,
  ): Promise<{ version: number } | { conflict: string | null }> {
    const answer = await this.#change('compareAndSet', ref, key, text, expected === null ? '' : String(expected));
    if (answer[0] === 'conflict') return { conflict: answer[1] as string | null };
    return { version: Number(this.#done(answer)[1]) };
  }

  async append(
    ref: SessionRef,
    key: string,
    part: { text: string; items: number; cap: number; mark: string },
  ): Promise<{ version: number; items: number }> {
    const { text, items: count, cap, mark } = part;
    const answer = await this.#change('append', ref, key, text, String(count), String(cap), mark);
    const [, version, items] = this.#done(answer);
    return { version: Number(version), items: Number(items) };
  }

  async delete(ref: SessionRef, key: string): Promise<boolean> {
    return this.#done(await this.#change('delete', ref, key))[1] === 1;
  }

  async clear(ref: SessionRef): Promise<boolean> {
    return (await this.#ask('clear', [keyOf(ref)], ref.agent)) === 1;
  }

  /** What is known of it; looking slides nothing. */
  async show(ref: SessionRef): Promise<{ leftMs: number; known: string[] } | null> {
    const answer = (await this.#ask('show', [keyOf(ref)], ref.agent)) as [number, string[]] | null;
    return answer && { leftMs: answer[0], known: answer[1] };
  }

  async showAll(ref: SessionRef): Promise<[key: string, field: string][]> {
    return valuesOf(await this.#ask('showAll', [keyOf(ref)], ref.agent));
  }

  async list(
    tenant: string,
    agent: string,
    page: { order: 'asc' | 'desc'; skip: number; take: number },
  ): Promise<{ total: number; items: { name: string; endsAt: number; known: string[] }[] }> {
    const { order, skip, take } = page;
    const answer = await this.#ask('list', [indexOf(tenant, agent)], order, String(skip), String(take));
    const [total, ...rest] = answer as unknown[];
    const items = [];
    for (let i = 0; i < rest.length; i += 3)
      items.push({ name: rest[i] as string, endsAt: Number(rest[i + 1]), known: rest[i + 2] as string[] });
    return { total: Number(total), items };
  }

  async removeSome(tenant: string, agent: string, most: number): Promise<{ looked: number; removed: number }> {
    const answer = await this.#ask('removeAll', [indexOf(tenant, agent)], agent, String(most));
    const [looked, removed] = answer as [number, number];
    return { looked, removed };
  }

  async #read(questions: Question[]): Promise<unknown[]> {
    const numbers = new Map<string, number>();
    const args = questions.flatMap(({ ref, key }) => {
      const session = keyOf(ref);
      const number = numbers.get(session) ?? numbers.size + 1;
      numbers.set(session, number);
      return [String(number), VALUE + key, ref.members === '' ? '' : ref.agent];
    });
    return (await this.#runner.run(SCRIPTS.read, [...numbers.keys()], this.#ttl, ...args)) as unknown[];
  }

  #ask(name: Name, keys: string[], ...args: string[]): Promise<unknown> {
    return orAway(this.options.timeoutMs, this.#runner.run(SCRIPTS[name], keys, this.#ttl, ...args));
  }

  async #change(name: Name, ref: SessionRef, key: string, text = '', ...more: string[]): Promise<Changed> {
    const { valueBytes, sessionBytes, keys, sessions } = this.options.limits;
    // Not sent to be refused there.
    if (Buffer.byteLength(text) > valueBytes) throw this.#tooMuch('value_bytes');
    const limits = [valueBytes, sessionBytes, keys, sessions].map(String);
    const names = [keyOf(ref), indexOf(ref.tenant, ref.agent)];
    return (await this.#ask(name, names, ref.agent, ref.members, ...limits, VALUE + key, text, ...more)) as Changed;
  }

  /** @throws ApiError NOT_FOUND, INVALID_STATE, SESSION_LIMIT for what was not done */
  #done(answer: Changed): Changed {
    const [outcome, which] = answer;
    if (outcome === 'ok') return answer;
    if (outcome === 'limit') throw this.#tooMuch(which as string);
    if (outcome === 'no_list') throw new ApiError('INVALID_STATE', 'The value is no list.');
    throw noSession();
  }

  #tooMuch(limit: string): ApiError {
    const { valueBytes, sessionBytes, keys, sessions } = this.options.limits;
    const most = { value_bytes: valueBytes, session_bytes: sessionBytes, session_keys: keys, agent_sessions: sessions };
    return new ApiError('SESSION_LIMIT', 'The session may not grow so far.', {
      limit,
      most: most[limit as keyof typeof most],
    });
  }
}

const keyOf = ({ tenant, name }: SessionRef): string => redisKey(tenant, 'session', name);
const indexOf = (tenant: string, agent: string): string => redisKey(tenant, 'session', 'of', agent);

function opened(answer: unknown): unknown {
  if (answer === FOREIGN) throw noSession();
  return answer;
}

/** Of a hash's fields and values in turn. */
function valuesOf(answer: unknown): [key: string, field: string][] {
  const fields = opened(answer) as string[];
  const values: [string, string][] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const [name = '', field = ''] = fields.slice(i, i + 2);
    if (name.startsWith(VALUE)) values.push([name.slice(VALUE.length), field]);
  }
  return values;
}
