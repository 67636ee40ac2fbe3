/**
 * A command's answer within `ms`, or an error. The wait ends only after one more look at the sockets: a process that was
 * itself busy does not take an answer that already arrived for a missing one.
 */
export function within<T>(ms: number, command: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new Error(`Redis did not answer within ${String(ms)} ms`));
    const timer = setTimeout(() => setImmediate(late), ms);
    command.then(
      (answer) => {
        clearTimeout(timer);
        resolve(answer);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
