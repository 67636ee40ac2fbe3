import { parseArgs } from 'node:util';
import { exportHistories, type Exported, type HistoryFile } from '@aumos/agf-engine/replay';
import type { Installation } from './installation.js';
import { UsageError } from './usage.js';

export interface Asked {
  positionals: string[];
  json: boolean;
  /** null: none of Temporal's */
  exported: Exported | null;
}

const MOST = 1_000;

/** @throws UsageError */
export function asked(args: string[]): Asked {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      execution: { type: 'string', multiple: true },
      workflow: { type: 'string' },
      newest: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const { execution, workflow, newest = workflow === undefined ? undefined : '10', json } = values;
  if (execution && newest !== undefined) throw new UsageError('name executions, or ask for the newest: not both');
  if (execution) return { positionals, json, exported: { workflowIds: execution } };
  if (newest === undefined) return { positionals, json, exported: null };
  const count = Number(newest);
  if (!Number.isInteger(count) || count < 1 || count > MOST)
    throw new UsageError(`--newest takes a number from 1 to ${String(MOST)}`);
  return { positionals, json, exported: { newest: count, ...(workflow === undefined ? {} : { workflow }) } };
}

export async function* historiesOf(installation: Installation, exported: Exported): AsyncGenerator<HistoryFile> {
  yield* exportHistories(await installation.client(), exported, installation.payloads);
}
