import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `probe` gives something truthy, and returns it. Suites wait for conditions, never for time.
 * @throws the probe's last error, or what was waited for, after `timeoutMs` (default 20 s)
 */
export async function eventually<T>(
  probe: () => Promise<T> | T,
  what = 'a condition',
  { timeoutMs = 20_000, everyMs = 25 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<NonNullable<T>> {
  const end = Date.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      const value = await probe();
      if (value) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(everyMs);
  } while (Date.now() < end);
  throw last instanceof Error ? last : new Error(`waited ${String(timeoutMs)} ms in vain for ${what}`);
}
