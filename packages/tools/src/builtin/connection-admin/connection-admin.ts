import { type BuiltinTool, CallerError, type ConnectionAdmin, type ConnectionInfo, type Json } from '@aumos/agf-domain';
import { CONNECTION_ADMIN, type ConnectionAdminArguments } from './spec.js';

export const connectionAdmin: BuiltinTool = {
  spec: CONNECTION_ADMIN,
  async run(args, context) {
    const connections = await done(args as unknown as ConnectionAdminArguments, context.connectionAdmin);
    return { connections: connections as unknown as Json };
  },
};

async function done(
  { action, name, connection }: ConnectionAdminArguments,
  admin: ConnectionAdmin,
): Promise<ConnectionInfo[]> {
  if (action === 'list') return admin.list();
  if (action === 'create') return [await admin.create(given(connection, 'connection'))];
  if (action === 'disable') return [await admin.disable(given(name, 'name'))];
  return [await admin.replace(given(name, 'name'), given(connection, 'connection'))];
}

function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new CallerError('INVALID_ARGUMENTS', `${what} is required for this action`);
  return value;
}
