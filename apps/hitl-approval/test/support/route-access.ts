import { type Role } from '@aumos/agf-domain';
import { type RouteAccess } from '@aumos/agf-platform/testing';

const READERS: readonly Role[] = ['admin', 'auditor'];
const ADMINS: readonly Role[] = ['admin'];

/**
 * Who may call which route of channels; of the approvals' own, who may decide is asked of each approval. No route asks
 * for a level.
 */
export const CHANNEL_ACCESS: RouteAccess = {
  'GET /hitl/channels': READERS,
  'POST /hitl/channels': ADMINS,
  'GET /hitl/channels/{id}': READERS,
  'PUT /hitl/channels/{id}': ADMINS,
  'DELETE /hitl/channels/{id}': ADMINS,
  'POST /hitl/channels/{id}/test': ADMINS,
  'POST /hitl/channels/{id}/rotate-secret': ADMINS,
  'GET /hitl/deliveries': READERS,
  'POST /hitl/deliveries/{id}/replay': ADMINS,
  'GET /hitl/templates': READERS,
  'PUT /hitl/templates/{kind}': ADMINS,
  'DELETE /hitl/templates/{kind}': ADMINS,
};
