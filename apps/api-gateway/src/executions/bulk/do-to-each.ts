import { ApiError } from '@aumos/agf-domain';
import { Logger } from '@nestjs/common';
import type { BulkResultView } from './bulk.view.js';

/** Transactions of one request under way at once: others want connections, too. */
const AT_ONCE = 8;
const log = new Logger('bulk');

/** Does it to each, a few at once. One that fails keeps none of the others from it. */
export async function doToEach(
  ids: readonly string[],
  work: (executionId: string) => Promise<unknown>,
): Promise<BulkResultView> {
  const refused: BulkResultView['refused'] = [];
  const left = [...ids];
  const worker = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const execution_id = id;
      await work(execution_id).catch((err: unknown) => {
        const code = err instanceof ApiError ? err.code : 'INTERNAL_ERROR';
        if (code === 'INTERNAL_ERROR') log.warn({ err, msg: 'failed for one of many', execution_id });
        refused.push({ execution_id, code });
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { accepted: ids.length - refused.length, refused };
}
