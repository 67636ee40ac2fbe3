/** The time was over. */
export class TimeIsOver extends Error {
  constructor() {
    super('The time is over');
    this.name = 'TimeIsOver';
  }
}

/**
 * Runs it under a signal that aborts with the scope's, or when its time is over. What does not listen is not waited for.
 * @throws TimeIsOver, the scope's reason, what it throws
 */
export async function limited<T>(scope: AbortSignal, ms: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const own = new AbortController();
  let stop: (reason: Error) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = (reason) => {
      own.abort(reason);
      reject(reason);
    };
  });
  const withScope = (): void => {
    stop(scope.reason as Error);
  };
  const timer = setTimeout(() => {
    stop(new TimeIsOver());
  }, ms);
  scope.addEventListener('abort', withScope);
  try {
    return await Promise.race([run(own.signal), stopped]);
  } finally {
    clearTimeout(timer);
    scope.removeEventListener('abort', withScope);
  }
}
