import { AUDIT_GENESIS, auditHash, auditHeadLine, auditLine, type ChainedEntry } from '../../src/index.js';

export const TENANT = '11111111-1111-4111-8111-11111111111a';
export const OTHER = '22222222-2222-4222-8222-22222222222b';

export type Said = Pick<ChainedEntry, 'actor_id' | 'action' | 'outcome' | 'details'>;

/** A chain that says these things, as the database would have made it. */
export function chainOf(said: readonly Said[], tenant_id = TENANT): ChainedEntry[] {
  const made: ChainedEntry[] = [];
  for (const [at, each] of said.entries()) {
    const entry = {
      ...each,
      tenant_id,
      position: at + 1,
      id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
      resource_type: 'execution',
      resource_id: `e-${String(at)}`,
      occurred_at: `2026-01-02T03:04:05.${String(at).padStart(6, '0')}Z`,
      previous_hash: made.at(-1)?.hash ?? AUDIT_GENESIS,
      hash: '',
    };
    made.push({ ...entry, hash: auditHash(entry) });
  }
  return made;
}

export const headOf = (chain: readonly ChainedEntry[], position = chain.length) => ({
  tenant_id: chain[0]?.tenant_id ?? TENANT,
  position,
  hash: chain[position - 1]?.hash ?? AUDIT_GENESIS,
});

/** The lines of its export. */
export const exportOf = (chain: readonly ChainedEntry[]): string[] => [
  ...chain.map(auditLine),
  auditHeadLine(headOf(chain)),
];
