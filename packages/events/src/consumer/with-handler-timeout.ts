/** Runs a handler and aborts its signal after `ms`. @throws Error `handler timeout`; what the handler still does is unheard */
export async function withHandlerTimeout(ms: number, handler: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const timeout = new Error(`handler timeout after ${String(ms)} ms`);
  const timer = setTimeout(() => controller.abort(timeout), ms);
  const aborted = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(timeout), { once: true });
  });
  const work = handler(controller.signal);
  work.catch(() => undefined);
  try {
    await Promise.race([work, aborted]);
  } finally {
    clearTimeout(timer);
  }
}
