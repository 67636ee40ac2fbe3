import { randomBytes, randomUUID } from 'node:crypto';
import { redisKey } from '@aumos/agf-domain';
import { AgentSessions } from '@aumos/agf-sessions';
import { testStack } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { timesAtOnce } from '../run/at-once.js';
import { type Benchmark, type Side } from '../run/benchmark.js';
import { quantile } from '../run/statistics.js';

const CONCURRENCY = 50;
const AGENT = 'bench';
const BYTES = 1_024;

/** The slowest of a hundred reads waits for no more than so many bare ones do. */
const P99_RATIO = 2;

/** 50 sessions of one agent, each read by one caller: a value of 1 KB, as an agent's turn reads it. */
export const sessionGet: Benchmark = {
  name: 'session.get.c50',
  unit: 'ms',
  against: 'a bare GET of as many bytes',
  goal: { kind: 'ratio', most: 1.3 },
  open: async ({ quick }) => {
    const calls = quick ? 5_000 : 20_000;
    const tenant = randomUUID();
    const [used, plain] = [new Redis(testStack().redis), new Redis(testStack().redis)];
    const all = new AgentSessions(used, { ttlSeconds: 600, timeoutMs: 10_000 });
    const text = randomBytes(BYTES / 2).toString('hex');
    const sessions = Array.from({ length: CONCURRENCY }, (_, i) =>
      all.open({ tenant, agent: AGENT, session: String(i) }),
    );
    const keys = sessions.map((_, i) => redisKey(tenant, 'bench', String(i)));
    await Promise.all(sessions.map((session) => session.set('memory', text)));
    await Promise.all(keys.map((key) => plain.set(key, JSON.stringify(text), 'EX', 600)));
    const took: [number[][], number[][]] = [[], []];
    const side = (rounds: number[][], call: (i: number) => Promise<unknown>): Side => ({
      round: async () => {
        const round = await timesAtOnce(calls, CONCURRENCY, (i) => call(i % CONCURRENCY));
        rounds.push(round);
        return round;
      },
    });
    return {
      measured: side(took[0], async (i) => {
        const entry = await sessions[i]?.get('memory');
        if (entry?.value !== text) throw new Error('the session forgot');
      }),
      against: side(took[1], (i) => plain.get(keys[i] ?? '')),
      figures: async () => {
        // The first round of each is not counted.
        const [own, bare] = took.map((rounds) => quantile(rounds.slice(1).flat(), 0.99)) as [number, number];
        const says = `the p99 of a session's read (${own.toFixed(2)} ms) <= ${String(P99_RATIO)} x a bare GET's (${bare.toFixed(2)} ms)`;
        return [{ says, met: own <= P99_RATIO * bare }];
      },
      close: async () => {
        await all.removeAll({ tenant, agent: AGENT });
        await plain.unlink(...keys);
        used.disconnect();
        plain.disconnect();
      },
    };
  },
};
