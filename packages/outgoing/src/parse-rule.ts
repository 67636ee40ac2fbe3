import { isIP } from 'node:net';
import { canonical } from './reach.js';

/** `name` is exact, or `*.` and a suffix that at least one label stands before. */
export type AllowRule =
  | { kind: 'name'; name: string; port: number | null }
  | { kind: 'range'; address: string; bits: number; port: number | null };

export class InvalidRuleError extends Error {
  constructor(rule: string) {
    super(`${JSON.stringify(rule)} is no host, *.suffix, address or range, with or without a port`);
    this.name = 'InvalidRuleError';
  }
}

const RANGE = /^\[?([0-9a-fA-F.:]+)\]?\/(\d{1,3})(?::(\d{1,5}))?$/;
const BRACKETED = /^\[([0-9a-fA-F.:]+)\](?::(\d{1,5}))?$/;
const NAMED = /^((?:\*\.)?[^\s:/*[\]@?#\\]+)(?::(\d{1,5}))?$/;

/** @throws InvalidRuleError */
export function parseRule(text: string): AllowRule {
  const [, start, bits, rangePort] = RANGE.exec(text) ?? [];
  if (start && bits) return rangeOf(text, start, Number(bits), rangePort);
  if (isIP(text) === 6) return rangeOf(text, text, 128);
  const [, bracketed, port6] = BRACKETED.exec(text) ?? [];
  if (bracketed) return rangeOf(text, bracketed, 128, port6);
  const [, named, port] = NAMED.exec(text) ?? [];
  if (!named) throw new InvalidRuleError(text);
  return isIP(named)
    ? rangeOf(text, named, 32, port)
    : { kind: 'name', name: nameOf(text, named), port: portOf(text, port) };
}

function rangeOf(text: string, start: string, bits: number, port?: string): AllowRule {
  const family = isIP(start);
  if (family === 0 || bits > (family === 4 ? 32 : 128)) throw new InvalidRuleError(text);
  // A range of IPv4 in IPv6 is IPv4's, as its addresses are.
  const mapped = family === 6 && isIP(canonical(start)) === 4;
  if (mapped && bits < 96) throw new InvalidRuleError(text);
  return { kind: 'range', address: canonical(start), bits: mapped ? bits - 96 : bits, port: portOf(text, port) };
}

/** As URLs have it: lower case, punycode. */
function nameOf(text: string, named: string): string {
  const url = `http://${named}`;
  const name = URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, '') : '';
  // What became an address was one in disguise: it is written as it is, or not at all.
  if (name === '' || isIP(name) !== 0) throw new InvalidRuleError(text);
  return name;
}

function portOf(text: string, port: string | undefined): number | null {
  if (port === undefined) return null;
  const number = Number(port);
  if (number < 1 || number > 65_535) throw new InvalidRuleError(text);
  return number;
}
