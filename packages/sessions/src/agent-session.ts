import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type Json, type JsonObject } from '@aumos/agf-domain';
import { type RedisSessions } from './redis/redis-sessions.js';
import { type SessionRef } from './session-ref.js';
import { checkKey } from './values/check-key.js';
import { checkValue } from './values/check-value.js';
import { mergePatch } from './values/merge-patch.js';
import { type Entry, type ValueText } from './values/value-text.js';

export type Compared =
  | { kind: 'set'; version: number }
  /** `current` is what is there, null where there is nothing */
  | { kind: 'conflict'; current: Entry | null };

const DEFAULT_CAP = 1_000;
const MOST_ITEMS = 100_000;
/** How long a merge tries against other writers, and how many lost tries in a row are followed at once. */
const MERGE_FOR_MS = 10_000;
const PATIENT_TRIES = 3;
const PAUSE_MS = 5;
const MARK_LENGTH = 24;

/**
 * What an agent remembers under one name: JSON values by key. Every method is atomic, and its use makes the session last
 * its whole time again.
 * @throws ApiError from every method: SERVICE_UNAVAILABLE while Redis is away (whether a change was made is then not
 * known), NOT_FOUND when the session was made by agents that this one is not of, VALIDATION_ERROR for a key or value
 * that cannot be carried unchanged, SESSION_LIMIT (`details.limit`, `details.most`) with nothing changed
 */
export class AgentSession {
  /** Made by `AgentSessions.open`. */
  constructor(
    private readonly ref: SessionRef,
    private readonly redis: RedisSessions,
    private readonly text: ValueText,
  ) {}

  /** null: there is no such value. */
  async get(key: string): Promise<Entry | null> {
    checkKey(key);
    const field = await this.redis.read(this.ref, key);
    return field === null ? null : this.text.read(this.ref, key, field);
  }

  /** All values, by key. */
  async entries(): Promise<Map<string, Entry>> {
    const fields = await this.redis.readAll(this.ref);
    return new Map(fields.map(([key, field]) => [key, this.text.read(this.ref, key, field)]));
  }

  /** @returns the value's version */
  async set(key: string, value: Json): Promise<number> {
    checkKey(key);
    checkValue(value);
    return this.redis.set(this.ref, key, this.text.write(this.ref, key, value));
  }

  /**
   * Sets the value if it still has the version. What is tried again after a lost answer takes effect once.
   * @param expected null: if there is none
   */
  async compareAndSet(key: string, value: Json, expected: number | null): Promise<Compared> {
    checkKey(key);
    checkValue(value);
    const answer = await this.redis.compareAndSet(this.ref, key, this.text.write(this.ref, key, value), expected);
    if ('version' in answer) return { kind: 'set', version: answer.version };
    const { conflict } = answer;
    return { kind: 'conflict', current: conflict === null ? null : this.text.read(this.ref, key, conflict) };
  }

  /**
   * Merges by RFC 7386 (JSON merge patch): objects member by member at any depth, null removes a member, all else
   * replaces. A value that is absent or no object counts as an empty one. By compare-and-set, again while others write.
   * @returns the merged value
   * @throws ApiError CONFLICT when others wrote before it for ten seconds
   */
  async merge(key: string, patch: JsonObject): Promise<Entry> {
    if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) throw notA('patch', 'an object');
    checkValue(patch);
    const deadline = performance.now() + MERGE_FOR_MS;
    let current = await this.get(key);
    for (let tries = 1; ; tries++) {
      const value = mergePatch(current?.value, patch);
      const answer = await this.compareAndSet(key, value, current?.version ?? null);
      if (answer.kind === 'set') return { value, version: answer.version };
      if (performance.now() > deadline) throw new ApiError('CONFLICT', 'Others kept changing the value.');
      current = answer.current;
      if (tries > PATIENT_TRIES) await sleep(Math.random() * PAUSE_MS);
    }
  }

  /**
   * Adds items to the end of a list; an absent one is empty. Only the newest `cap` items stay (default 1,000).
   * @param options `once` names this change (an effect key): while the list holds what it added, it adds nothing again
   * @returns how many items there are
   * @throws ApiError INVALID_STATE when the value is no list
   */
  async append(
    key: string,
    items: readonly Json[],
    { cap = DEFAULT_CAP, once }: { cap?: number; once?: string } = {},
  ): Promise<{ version: number; items: number }> {
    checkKey(key);
    if (!Number.isSafeInteger(cap) || cap < 1 || cap > MOST_ITEMS)
      throw notA('cap', `a whole number from 1 to ${String(MOST_ITEMS)}`);
    if (!Array.isArray(items) || items.length === 0) throw notA('items', 'a list of at least one item');
    checkValue(items);
    const newest = items.slice(-cap);
    const text = this.text.writePart(this.ref, key, newest);
    return this.redis.append(this.ref, key, { text, items: newest.length, cap, mark: markOf(once) });
  }

  /** @returns whether there was such a value */
  async delete(key: string): Promise<boolean> {
    checkKey(key);
    return this.redis.delete(this.ref, key);
  }

  /** Forgets all of it. @returns whether there was anything */
  clear(): Promise<boolean> {
    return this.redis.clear(this.ref);
  }
}

/** Of a fixed size, without what parts a list. */
const markOf = (once: string | undefined): string =>
  once === undefined ? '' : `@${createHash('sha256').update(once).digest('hex').slice(0, MARK_LENGTH)}`;

const notA = (field: string, what: string): ApiError =>
  new ApiError('VALIDATION_ERROR', 'The call is not valid.', { fields: [{ field, error: `must be ${what}` }] });
