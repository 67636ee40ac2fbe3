import { DISPATCH_HINTS } from '@aumos/agf-domain';

/** What the gateway says of an execution it has written: start it, cancel it, or tell it what it was sent. Losing one costs the sweep's delay. */
export interface Hint {
  kind: 'start' | 'cancel' | 'command';
  tenant_id: string;
  execution_id: string;
}
export { DISPATCH_HINTS };

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Null for what is no hint: anybody with access to Redis could have written it. */
export function readHint(text: string): Hint | null {
  try {
    const { kind, tenant_id, execution_id } = JSON.parse(text) as Partial<Record<keyof Hint, unknown>>;
    if (kind !== 'start' && kind !== 'cancel' && kind !== 'command') return null;
    if (typeof tenant_id !== 'string' || typeof execution_id !== 'string') return null;
    if (!UUID.test(tenant_id) || !UUID.test(execution_id)) return null;
    return { kind, tenant_id, execution_id };
  } catch {
    return null;
  }
}
