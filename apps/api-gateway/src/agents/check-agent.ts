import {
  type AgentExecutor,
  checkBreakerSettings,
  type FieldError,
  invalidRequest,
  isGraphsQueue,
  type Json,
  type JsonObject,
  jsonSize,
  RESERVED_TASK_QUEUES,
} from '@aumos/agf-domain';
import { unstorable } from '../unstorable.js';
import type { CreateAgentDto } from './agent.dto.js';

/** Of one that is made all that it needs, of a change what it names. */
type AgentFields = { [K in keyof CreateAgentDto]?: CreateAgentDto[K] | null };

/** Of each of its objects. */
const MOST_BYTES = 64 * 1024;
const LIMITS = {
  max_turns: 1_000,
  max_tokens: 10_000_000,
  tokens_per_execution: 1e12,
  tokens_per_day: 1e12,
} as const;
const MOST_COST = 1e9;

/** @throws ApiError VALIDATION_ERROR for what its schema cannot say */
export function checkAgent(agent: AgentFields, tools: ReadonlySet<string>): void {
  const { name, description, instructions, model, executor, circuit_breaker } = agent;
  const { capabilities, tool_access, resource_limits } = agent;
  const fields = unstorable({ name, description, instructions, model });
  for (const [field, value] of Object.entries({ capabilities, tool_access, resource_limits }))
    if (jsonSize(value ?? {}) > MOST_BYTES) fields.push({ field, error: `has more than ${String(MOST_BYTES)} bytes` });
  fields.push(...accessErrors(tool_access ?? {}, tools), ...limitErrors(resource_limits ?? {}));
  if (executor) fields.push(...executorErrors(executor));
  if (circuit_breaker) fields.push(...breakerErrors(circuit_breaker));
  if (fields.length > 0) throw invalidRequest(fields);
}

/** @throws ApiError VALIDATION_ERROR for an agent that would have both */
export function checkSpeaker({ model, executor }: Pick<AgentFields, 'model' | 'executor'>): void {
  if (model === undefined || model === null || executor === undefined || executor === null) return;
  const fields = [{ field: 'executor', error: 'must not be there beside a model' }];
  throw invalidRequest(fields);
}

function executorErrors({ task_queue }: AgentExecutor): FieldError[] {
  if (!RESERVED_TASK_QUEUES.has(task_queue) && !isGraphsQueue(task_queue))
    return unstorable({ 'executor.task_queue': task_queue });
  return [{ field: 'executor.task_queue', error: 'is a queue that has no executors' }];
}

function breakerErrors(settings: object): FieldError[] {
  const checked = checkBreakerSettings(settings);
  if ('settings' in checked) return [];
  return checked.fields.map(({ field, error }) => ({ field: `circuit_breaker.${field}`, error }));
}

const accessErrors = (access: JsonObject, tools: ReadonlySet<string>): FieldError[] =>
  Object.entries(access).flatMap(([tool, given]) => {
    const field = `tool_access.${tool}`;
    if (!tools.has(tool)) return [{ field, error: 'there is no such tool' }];
    return isAccess(given) ? [] : [{ field, error: 'must be an object with `enabled`, true or false' }];
  });

const isAccess = (given: Json): boolean =>
  typeof given === 'object' &&
  given !== null &&
  !Array.isArray(given) &&
  (given['enabled'] === undefined || typeof given['enabled'] === 'boolean');

const limitErrors = (limits: JsonObject): FieldError[] => [...countErrors(limits), ...costErrors(limits)];

function costErrors({ cost_per_day: cost }: JsonObject): FieldError[] {
  if (cost === undefined || (typeof cost === 'number' && cost > 0 && cost <= MOST_COST)) return [];
  return [{ field: 'resource_limits.cost_per_day', error: `must be a number above 0, at most ${String(MOST_COST)}` }];
}

const countErrors = (limits: JsonObject): FieldError[] =>
  Object.entries(LIMITS).flatMap(([name, most]) => {
    const given = limits[name];
    const isOne = typeof given === 'number' && Number.isSafeInteger(given) && given >= 1 && given <= most;
    if (given === undefined || isOne) return [];
    return [{ field: `resource_limits.${name}`, error: `must be a whole number from 1 to ${String(most)}` }];
  });
