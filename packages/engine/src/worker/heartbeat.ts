import type { Context } from '@temporalio/activity';

/** Well under the shortest heartbeat timeout; Temporal's client sends less often than it is told. */
const EVERY_MS = 250;
/** What was told last: the beats in between repeat it, for each replaces the one before. */
const told = new WeakMap<Context, unknown>();

/** Beats with details, which the next attempt finds should this one be lost. */
export function beat(context: Context, details: unknown): void {
  told.set(context, details);
  context.heartbeat(details);
}

/** Beats while `run` is at work, so that a dead worker is noticed, and a cancelled call learns of it. */
export async function beatWhile<T>(context: Context, run: () => Promise<T>): Promise<T> {
  if (context.info.heartbeatTimeoutMs === undefined || context.info.heartbeatTimeoutMs === 0) return run();
  const timer = setInterval(() => {
    if (told.has(context)) context.heartbeat(told.get(context));
    else context.heartbeat();
  }, EVERY_MS);
  try {
    return await run();
  } finally {
    clearInterval(timer);
  }
}
