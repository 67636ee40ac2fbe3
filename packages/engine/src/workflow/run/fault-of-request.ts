import { MAX_SECONDS, NAME_PATTERN, RESERVED_TASK_QUEUES, isStorableText } from '@aumos/agf-domain/runtime';
import { isObject, isPlain } from './told-json.js';

type Rule = (value: unknown) => boolean;

const LABEL_LENGTH = 128;
/** Temporal's own queues: it refuses a call to one, and with it the whole workflow task. */
const TEMPORALS_QUEUE = '/_sys/';

const isLabel = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= LABEL_LENGTH && isStorableText(value);
const isCount =
  (most: number): Rule =>
  (value) =>
    Number.isSafeInteger(value) && isWithin(1, most)(value);
const isWithin =
  (least: number, most: number): Rule =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most;

/** The definition language's rules (`language.ts` of the domain), which cannot come into the sandbox. */
const RETRY: Readonly<Record<string, Rule>> = {
  max_attempts: isCount(1_000),
  initial_interval_ms: isCount(Number.MAX_SAFE_INTEGER),
  backoff: isWithin(1, 1_000),
  max_interval_ms: isCount(Number.MAX_SAFE_INTEGER),
  non_retryable: (value) => Array.isArray(value) && value.every(isLabel),
};
const OPTIONS: Readonly<Record<string, Rule>> = {
  gate: isLabel,
  retry: (value) =>
    isObject(value) && Object.keys(value).every((key) => Object.hasOwn(RETRY, key)) && !brokenRule(RETRY, value),
  timeout_seconds: (value) => isWithin(0, MAX_SECONDS)(value) && value !== 0,
  open_wait_seconds: isWithin(0, MAX_SECONDS),
  task_queue: (value) => isLabel(value) && !RESERVED_TASK_QUEUES.has(value) && !value.startsWith(TEMPORALS_QUEUE),
};

/** Members without a rule are left behind, absent ones hold. */
const brokenRule = (rules: Readonly<Record<string, Rule>>, value: Readonly<Record<string, unknown>>) =>
  Object.keys(rules).find((name) => value[name] !== undefined && rules[name]?.(value[name]) === false);

/** What is wrong with what a team's worker asks for, whatever it sent; undefined: nothing. */
export function faultOfRequest(request: Readonly<Record<string, unknown>>): string | undefined {
  const { kind, node, tool, handler, gate } = request;
  if (typeof node !== 'string') return 'node is no text';
  if (kind === 'approval') {
    if (gate !== undefined && !isLabel(gate)) return 'gate is no name of a gate';
    return isPlain(request['payload']) ? undefined : 'The payload cannot be stored';
  }
  if (kind === 'tool') return isLabel(tool) ? faultOfCall(request) : 'tool is no name of a tool';
  if (kind !== 'function') return 'A graph asks for a tool, a function or an approval';
  return typeof handler === 'string' && NAME_PATTERN.test(handler)
    ? faultOfCall(request)
    : 'handler is no name of a handler';
}

function faultOfCall({ arguments: args, options }: Readonly<Record<string, unknown>>): string | undefined {
  if (!isObject(args)) return 'The arguments are no object';
  if (!isPlain(args)) return 'The arguments cannot be stored';
  if (!isObject(options)) return 'options is no object';
  const broken = brokenRule(OPTIONS, options);
  return broken === undefined ? undefined : `options.${broken} is not as the definition language has it`;
}
