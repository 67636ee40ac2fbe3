import type { FieldError } from '../../errors/codes.js';
import { isStorableText } from '../../json/text.js';
import { isGraphsQueue, RESERVED_TASK_QUEUES } from '../../keys/keys.js';
import type { FunctionToolDefinition } from './tool-definition.js';

/** Temporal's own queues. */
const TEMPORALS = '/_sys/';

/** What its place of work gets wrong that its structure does not show. */
export function checkFunction({ function: { task_queue } }: FunctionToolDefinition): FieldError[] {
  const field = 'function.task_queue';
  if (RESERVED_TASK_QUEUES.has(task_queue) || task_queue.startsWith(TEMPORALS))
    return [{ field, error: 'is a queue of the platform, which runs no handlers' }];
  if (isGraphsQueue(task_queue))
    return [{ field, error: 'is a queue of graphs: a function node calls one, no tool does' }];
  return isStorableText(task_queue) ? [] : [{ field, error: 'is no text that can be kept' }];
}
