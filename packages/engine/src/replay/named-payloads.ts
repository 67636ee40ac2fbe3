import type { LargePayloads } from '../worker/large-payloads.js';
import type { HistoryFile } from './history-file.js';

/** Of a payload in a history's JSON, what is looked at; base64. */
interface JsonPayload {
  metadata?: { messageType?: string };
  data?: string;
}

const REFERENCE = 'temporal.api.sdk.v1.ExternalStorageReference';
const textOf = (base64: string): string => Buffer.from(base64, 'base64').toString();

const isReference = (value: object): value is JsonPayload & { data: string } => {
  const { metadata, data } = value as JsonPayload;
  return typeof data === 'string' && metadata?.messageType !== undefined && textOf(metadata.messageType) === REFERENCE;
};

interface Named {
  tenant: string;
  id: string;
}

/** The large values that a history names, each once. */
export function namedPayloads(history: object): Named[] {
  const found = new Map<string, Named>();
  const left: unknown[] = [history];
  for (let value = left.pop(); left.length > 0 || value !== undefined; value = left.pop()) {
    if (value === null || typeof value !== 'object') continue;
    if (isReference(value)) {
      const { claimData } = JSON.parse(textOf(value.data)) as { claimData: Named };
      found.set(`${claimData.tenant}/${claimData.id}`, { tenant: claimData.tenant, id: claimData.id });
    }
    for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) left.push(member);
  }
  return [...found.values()];
}

/** What they hold, as a file keeps it. @throws when one is gone */
export async function contentsOf(named: readonly Named[], payloads: LargePayloads): Promise<HistoryFile['payloads']> {
  const contents: HistoryFile['payloads'] = {};
  for (const tenant of new Set(named.map((each) => each.tenant))) {
    const ids = named.filter((each) => each.tenant === tenant).map(({ id }) => id);
    const found = await payloads.get(tenant, ids);
    ids.forEach((id, i) => (contents[`${tenant}/${id}`] = Buffer.from(found[i] ?? []).toString('base64')));
  }
  return contents;
}

/** Those of files, in place of a store; nothing is ever put there. */
export const payloadsOf = (files: readonly HistoryFile[]): LargePayloads => ({
  put: () => Promise.reject(new Error('a replay stores nothing')),
  get: async (tenant, ids) =>
    ids.map((id) => {
      const file = files.find(({ payloads }) => Object.hasOwn(payloads, `${tenant}/${id}`));
      if (!file) throw new Error(`the files do not hold the payload ${id} of ${tenant}`);
      return Buffer.from(file.payloads[`${tenant}/${id}`] ?? '', 'base64');
    }),
});
