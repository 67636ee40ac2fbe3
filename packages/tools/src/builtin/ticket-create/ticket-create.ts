import { type BuiltinTool, type Json, type JsonObject, ownMember } from '@aumos/agf-domain';
import { callHttp } from '../../registered/http/call-http.js';
import { TICKET_CREATE } from './spec.js';

export const ticketCreate: BuiltinTool = {
  spec: TICKET_CREATE,
  async run({ connection: name, ...given }, context) {
    const { http } = await context.connections.resolve('ticket', name as string | undefined);
    const ticket: JsonObject = { priority: null, labels: [], fields: {}, ...given };
    const result = await callHttp({ http, idempotent: false })(ticket, context);
    return { id: textOf(result, 'id'), url: textOf(result, 'url'), result };
  },
};

function textOf(result: Json, member: string): string | null {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return null;
  const value = ownMember(result, member);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
