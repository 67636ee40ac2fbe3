import type { AnyValue, Expr, OperatorName } from './expr.js';

/** CEL text; `whole` where it needs no brackets inside of another one, `member` where it reads a member. */
interface Text {
  readonly text: string;
  readonly whole: boolean;
  readonly member?: { of: string; key: string };
}

const TEXTS = new WeakMap<object, Text>();
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const RESERVED = new Set(
  'as break const continue else false for function if import in let loop null package namespace return true var void while'.split(
    ' ',
  ),
);

/** Calls of `filter`, `map` and their like that are being written: each names its item apart. */
let within = 0;

/** The text of an expression made here, or of `{cel}`; undefined for what is none. */
export function sourceOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const made = TEXTS.get(value);
  if (made) return made.text;
  const { cel } = value as { cel?: unknown };
  return typeof cel === 'string' && Object.keys(value).length === 1 ? cel : undefined;
}

/** An expression by its name, which is a variable's. */
export const variable = <T>(name: string): Expr<T> => expr<T>({ text: name, whole: true });

/** What has members, and no methods. */
export function namespace<T extends object>(name: string): T {
  const get = (_target: object, key: string | symbol): unknown =>
    typeof key === 'string' && key !== 'then' ? expr(memberOf({ text: name, whole: true }, key)) : undefined;
  return new Proxy({}, { get }) as T;
}

function expr<T>(text: Text): Expr<T> {
  const get = (_target: object, key: string | symbol): unknown => {
    if (key === Symbol.toPrimitive || key === 'toString') return () => bracketed(text);
    if (key === 'toJSON') return () => ({ cel: text.text });
    // A promise would take it for one of its kind.
    if (typeof key !== 'string' || key === 'then') return undefined;
    if (Object.hasOwn(OPERATORS, key))
      return (...args: unknown[]) => expr(OPERATORS[key as OperatorName](text, ...args));
    return expr(memberOf(text, key));
  };
  const made = new Proxy({}, { get });
  TEXTS.set(made, text);
  return made as Expr<T>;
}

const bracketed = ({ text, whole }: Text): string => (whole ? text : `(${text})`);

function memberOf(text: Text, key: string): Text {
  const of = bracketed(text);
  const plain = IDENTIFIER.test(key) && !RESERVED.has(key);
  return { text: plain ? `${of}.${key}` : `${of}[${JSON.stringify(key)}]`, whole: true, member: { of, key } };
}

/** As one operand among others. @throws TypeError for what CEL has no literal of */
function operand(value: unknown): string {
  const made = typeof value === 'object' && value !== null ? TEXTS.get(value) : undefined;
  if (made) return bracketed(made);
  const text = literal(value);
  return sourceOf(value) !== undefined || text.startsWith('-') ? `(${text})` : text;
}

/** Where nothing stands beside it. @throws TypeError for what CEL has no literal of */
function literal(value: unknown): string {
  const source = sourceOf(value);
  if (source !== undefined) return source;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}: ${literal(member)}`).join(', ')}}`;
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))
    return JSON.stringify(value);
  throw new TypeError(`${typeof value === 'number' ? String(value) : typeof value} cannot stand in an expression`);
}

/** A CEL expression as a value; as a template's tag: with the values in it as CEL writes them. */
export function cel(source: string | TemplateStringsArray, ...values: AnyValue[]): { cel: string } {
  if (typeof source === 'string') return { cel: source };
  return { cel: source.map((text, index) => (index === 0 ? text : operand(values[index - 1]) + text)).join('') };
}

type Write = (of: Text, ...args: unknown[]) => Text;

const infix =
  (operator: string): Write =>
  (of, other) => ({ text: `${bracketed(of)} ${operator} ${operand(other)}`, whole: false });
const method =
  (name: string): Write =>
  (of, ...args) => ({ text: `${bracketed(of)}.${name}(${args.map(literal).join(', ')})`, whole: true });
const call =
  (name: string): Write =>
  (of) => ({ text: `${name}(${of.text})`, whole: true });

const macro =
  (name: string): Write =>
  (of, body) => {
    within++;
    try {
      const item = `each${String(within)}`;
      const written = literal((body as (each: unknown) => unknown)(variable(item)));
      return { text: `${bracketed(of)}.${name}(${item}, ${written})`, whole: true };
    } finally {
      within--;
    }
  };

function present({ text, member }: Text): Text {
  if (!member) throw new TypeError(`"${text}" reads no member: whether it is there is no question`);
  const { of, key } = member;
  return text === `${of}.${key}`
    ? { text: `has(${text})`, whole: true }
    : { text: `${JSON.stringify(key)} in ${of}`, whole: false };
}

function orElse(of: Text, other: unknown): Text {
  const set = of.member ? `${bracketed(present(of))} && ` : '';
  return { text: `${set}${bracketed(of)} != null ? ${bracketed(of)} : ${operand(other)}`, whole: false };
}

const OPERATORS: Readonly<Record<OperatorName, Write>> = {
  eq: infix('=='),
  ne: infix('!='),
  in: infix('in'),
  gt: infix('>'),
  ge: infix('>='),
  lt: infix('<'),
  le: infix('<='),
  plus: infix('+'),
  minus: infix('-'),
  times: infix('*'),
  dividedBy: infix('/'),
  modulo: infix('%'),
  and: infix('&&'),
  or: infix('||'),
  not: (of) => ({ text: `!${bracketed(of)}`, whole: false }),
  choose: (of, yes, no) => ({ text: `${bracketed(of)} ? ${operand(yes)} : ${operand(no)}`, whole: false }),
  contains: method('contains'),
  startsWith: method('startsWith'),
  endsWith: method('endsWith'),
  matches: method('matches'),
  size: call('size'),
  text: call('string'),
  json: call('json'),
  at: (of, key) =>
    typeof key === 'string' ? memberOf(of, key) : { text: `${bracketed(of)}[${literal(key)}]`, whole: true },
  has: (of, item) => ({ text: `${operand(item)} in ${bracketed(of)}`, whole: false }),
  filter: macro('filter'),
  map: macro('map'),
  exists: macro('exists'),
  all: macro('all'),
  present,
  orElse,
};
