import { randomBytes, randomUUID } from 'node:crypto';
import { redisKey } from '@aumos/agf-domain';
import { AgentSessions } from '@aumos/agf-sessions';
import { testStack } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { timesAtOnce } from '../run/at-once.js';
import { type Benchmark } from '../run/benchmark.js';

const CONCURRENCY = 50;
const AGENT = 'bench';
const BYTES = 1_024;

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
    return {
      measured: {
        round: () =>
          timesAtOnce(calls, CONCURRENCY, async (i) => {
            const entry = await sessions[i % CONCURRENCY]?.get('memory');
            if (entry?.value !== text) throw new Error('the session forgot');
          }),
      },
      against: { round: () => timesAtOnce(calls, CONCURRENCY, (i) => plain.get(keys[i % CONCURRENCY] ?? '')) },
      close: async () => {
        await all.removeAll({ tenant, agent: AGENT });
        await plain.unlink(...keys);
        used.disconnect();
        plain.disconnect();
      },
    };
  },
};
