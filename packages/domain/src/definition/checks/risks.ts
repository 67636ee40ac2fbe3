import type { CheckContext } from './context.js';
import { callsOf, RISKY } from './needs.js';

/** What cannot be undone or repeated, and is not marked so. */
export const warnOfRisks = ({ draft, catalog, findings }: CheckContext): void => {
  for (const { value: node, pointer } of draft.nodes) {
    if (node === undefined) continue;
    const calls = callsOf(node, catalog);
    const call = calls.find(({ need }) => need >= RISKY) ?? calls[0];
    if (call === undefined) continue;
    if (call.need >= RISKY && node.compensate === undefined) {
      const message = `${node.id} calls ${call.callee} (level ${call.need}) and nothing undoes it if a later node fails`;
      const hint = 'add compensate';
      findings.warn({ rule: 'RISK_WITHOUT_COMPENSATE', message, node: node.id, pointer, hint });
    }
    // An agent's own retries are of its model calls: its tools are called once each.
    if (node.type !== 'agent' && !call.idempotent && (node.retry?.max_attempts ?? 1) > 1) {
      const message = `${node.id} retries ${call.callee}, which is not idempotent: its effect may happen twice`;
      const hint = 'set max_attempts to 1 or use an idempotent tool';
      findings.warn({ rule: 'RETRY_NOT_IDEMPOTENT', message, node: node.id, pointer: `${pointer}/retry`, hint });
    }
  }
};
