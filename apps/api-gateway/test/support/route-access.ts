import { type Role } from '@aumos/agf-domain';

const MAKERS: readonly Role[] = ['admin', 'developer'];
const ADMINS: readonly Role[] = ['admin'];
const AUDITORS: readonly Role[] = ['admin', 'auditor'];

/**
 * Who may call which route of the gateway; `anybody`: whoever has a token of the tenant, whatever its roles. No route
 * asks for a level: what a level allows is decided where the thing is done. A route that is not here fails the suite.
 */
export const ROUTE_ACCESS: Readonly<Record<string, readonly Role[] | 'anybody'>> = {
  'POST /agents': MAKERS,
  'GET /agents': 'anybody',
  'GET /agents/{id}': 'anybody',
  'POST /workflows': MAKERS,
  'GET /workflows': 'anybody',
  'POST /workflows/validate': MAKERS,
  'GET /workflows/{id}': 'anybody',
  'GET /workflows/{id}/versions': 'anybody',
  'POST /workflows/{id}/versions': MAKERS,
  'GET /workflows/{id}/versions/{version}': 'anybody',
  'POST /workflows/{id}/simulate': MAKERS,
  'POST /workflows/{id}/compare': MAKERS,
  'GET /workflows/{id}/blast-radius': 'anybody',
  'POST /workflows/{id}/execute': MAKERS,
  'POST /workflows/{id}/execute/stream': MAKERS,
  'GET /workflows/{id}/status': 'anybody',
  'POST /workflows/{id}/cancel': MAKERS,
  'GET /executions': 'anybody',
  'GET /executions/{id}': 'anybody',
  'GET /executions/{id}/nodes': 'anybody',
  'GET /executions/{id}/traces': 'anybody',
  'GET /executions/{id}/events': 'anybody',
  'GET /executions/{id}/checkpoints': 'anybody',
  'GET /executions/{id}/checkpoints/{step}': 'anybody',
  'GET /executions/{id}/checkpoints/{step}/diff': 'anybody',
  'POST /executions/{id}/cancel': MAKERS,
  'POST /executions/{id}/retry': MAKERS,
  'POST /executions/{id}/fork': MAKERS,
  'POST /executions/{id}/replay': MAKERS,
  'POST /executions/{id}/pause': MAKERS,
  'POST /executions/{id}/resume': MAKERS,
  'POST /executions/{id}/signals/{name}': MAKERS,
  'POST /executions/bulk/cancel': ADMINS,
  'POST /executions/bulk/retry': ADMINS,
  'POST /artifacts': MAKERS,
  'GET /artifacts': 'anybody',
  'GET /artifacts/{id}': 'anybody',
  'GET /artifacts/{id}/content': 'anybody',
  'DELETE /artifacts/{id}': MAKERS,
  'GET /tools/builtin': 'anybody',
  'GET /tools/builtin/{tool_id}': 'anybody',
  'GET /audit': AUDITORS,
  'GET /audit/head': AUDITORS,
  'GET /audit/export': AUDITORS,
};
