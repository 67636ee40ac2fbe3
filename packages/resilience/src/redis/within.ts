/**
 * A command's answer within `ms`, or an error. The wait ends only after one more look at the sockets: a process that was
 * itself busy does not take an answer that already arrived for a missing one.
 */
export async function within<T>(ms: number, command: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => setImmediate(() => reject(new Error(`Redis did not answer within ${String(ms)} ms`))), ms);
  });
  try {
    return await Promise.race([command, late]);
  } finally {
    clearTimeout(timer);
  }
}
