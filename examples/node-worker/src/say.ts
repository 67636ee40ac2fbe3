import type { HandlerContext } from '@aumos/agf-node-worker';

/** One line of JSON a call, on stdout. */
export const say = (handler: string, { effect_key, attempt }: HandlerContext): void => {
  process.stdout.write(`${JSON.stringify({ handler, effect_key, attempt })}\n`);
};
