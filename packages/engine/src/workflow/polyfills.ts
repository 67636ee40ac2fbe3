/**
 * What LangGraph expects of its host and Temporal's sandbox lacks. Evaluated first in the bundle; holds no state of a
 * workflow. Everything here is deterministic: time and randomness are the sandbox's.
 */
import * as streams from 'web-streams-polyfill';

const host = globalThis as unknown as Record<string, unknown>;
const define = (name: string, value: unknown): void => {
  if (host[name] === undefined) host[name] = value;
};

for (const [name, value] of Object.entries(streams)) if (name !== 'default') define(name, value);

define('queueMicrotask', (run: () => void) => {
  void Promise.resolve().then(run);
});

const hex = (byte: number): string => (byte + 0x100).toString(16).slice(1);

// Over the sandbox's Math.random, which is seeded by the run.
const randomBytes = <T extends { length: number; [index: number]: number }>(array: T): T => {
  for (let i = 0; i < array.length; i++) array[i] = Math.floor(Math.random() * 256);
  return array;
};
define('crypto', {
  getRandomValues: randomBytes,
  randomUUID: (): string => {
    const bytes = randomBytes(new Uint8Array(16));
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const h = Array.from(bytes, hex).join('');
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
  },
});

/** Never the host's class: its `timeout` fires by the wall clock, outside of history. */
class SandboxAbortSignal {
  static timeout(ms: number): AbortSignal {
    const controller = new AbortController();
    setTimeout(() => {
      const error = new Error('The operation was aborted due to timeout');
      error.name = 'TimeoutError';
      controller.abort(error);
    }, ms);
    return controller.signal;
  }

  static any(signals: AbortSignal[]): AbortSignal {
    const controller = new AbortController();
    for (const signal of signals) {
      if (signal.aborted) {
        controller.abort(signal.reason);
        break;
      }
      signal.addEventListener(
        'abort',
        () => {
          controller.abort(signal.reason);
        },
        { once: true },
      );
    }
    return controller.signal;
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value;
  }
}
define('AbortSignal', SandboxAbortSignal);
