import { describe, expect, it } from '@jest/globals';
import { InFlight } from '../src/workflow/run/in-flight.js';
import { limitedAtOnce } from '../src/workflow/run/limited-at-once.js';

/** Jobs that end when told, and what is running. */
function jobs() {
  const running: string[] = [];
  const ends = new Map<string, () => void>();
  const job = (name: string) => async (): Promise<string> => {
    running.push(name);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    running.splice(running.indexOf(name), 1);
    return name;
  };
  const settle = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
  };
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await settle();
  };
  return { running, job, end, settle };
}

describe('calls in flight', () => {
  it('are limited by count and by bytes, first come, first served', async () => {
    const { running, job, end, settle } = jobs();
    const flight = new InFlight({ count: 3, bytes: 100 });
    const all = [
      flight.use(60, job('a')),
      flight.use(30, job('b')),
      flight.use(50, job('big')),
      flight.use(1, job('small')),
    ];
    await settle();
    expect(running).toEqual(['a', 'b']);
    await end('b');
    expect(running).toEqual(['a']);
    await end('a');
    expect(running).toEqual(['big', 'small']);
    await end('big');
    await end('small');
    expect(await Promise.all(all)).toEqual(['a', 'b', 'big', 'small']);
  });

  it('let one pass that is larger than all that is allowed, and go on after a failure', async () => {
    const flight = new InFlight({ count: 3, bytes: 100 });
    await expect(flight.use(1_000, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(await flight.use(1, () => Promise.resolve('next'))).toBe('next');
  });
});

describe('jobs of groups', () => {
  it('begin in order, each group within its limit, and keep their places', async () => {
    const { running, job, end, settle } = jobs();
    const all = limitedAtOnce([
      { group: 'x', limit: 2, run: job('x1') },
      { group: 'x', limit: 2, run: job('x2') },
      { group: 'y', limit: undefined, run: job('y1') },
      { group: 'x', limit: 2, run: job('x3') },
    ]);
    await settle();
    expect(running).toEqual(['x1', 'x2', 'y1']);
    await end('x2');
    expect(running).toEqual(['x1', 'y1', 'x3']);
    for (const name of ['x3', 'x1', 'y1']) await end(name);
    expect(await all).toEqual(['x1', 'x2', 'y1', 'x3']);
  });
});
