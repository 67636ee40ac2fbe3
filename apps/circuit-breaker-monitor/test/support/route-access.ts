import { type Role } from '@aumos/agf-domain';
import { type RouteAccess } from '@aumos/agf-platform/testing';

const OPERATORS: readonly Role[] = ['admin', 'developer'];

/**
 * Who may call which route of the monitor; `anybody`: whoever has a token of the tenant, whatever its roles. No route asks
 * for a level. A route that is not here fails the suite.
 */
export const ROUTE_ACCESS: RouteAccess = {
  'GET /circuit-breakers': 'anybody',
  'GET /circuit-breakers/stream': 'anybody',
  'GET /circuit-breakers/statistics': 'anybody',
  'GET /circuit-breakers/drills': 'anybody',
  'GET /circuit-breakers/drills/{drill_id}': 'anybody',
  'POST /circuit-breakers/drills': OPERATORS,
  'GET /circuit-breakers/settings': 'anybody',
  'PUT /circuit-breakers/settings': ['admin'],
  'GET /circuit-breakers/{key}': 'anybody',
  'GET /circuit-breakers/{key}/history': 'anybody',
  'GET /circuit-breakers/{key}/statistics': 'anybody',
  'GET /circuit-breakers/{key}/blast-radius': 'anybody',
  'POST /circuit-breakers/{key}/isolate': OPERATORS,
  'POST /circuit-breakers/{key}/release': OPERATORS,
};
