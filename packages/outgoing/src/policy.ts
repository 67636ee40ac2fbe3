import { BlockList, isIPv6 } from 'node:net';
import { blocked, type OutgoingError } from './outgoing-error.js';
import { type AllowRule, parseRule } from './parse-rule.js';
import { isDeniedPort } from './ports.js';
import { canonical, reachOf } from './reach.js';
import { isInsideName } from './inside-names.js';
import { type Target } from './target.js';

/** Where a tenant may reach. Without any: every public address. Rules are `host[:port]`, `*.suffix[:port]`, `address[:port]`, `range[:port]`. */
export interface OutgoingPolicy {
  /** nothing but these: it narrows, and opens nothing */
  only?: readonly string[];
  /** what is not public, yet may be reached */
  internal?: readonly string[];
}

/** Whom one asks for. */
type Reached = Pick<Target, 'host' | 'port' | 'literal'> & { usual?: readonly number[] };

export class Policy {
  readonly #only: readonly Rule[] | null;
  readonly #internal: readonly Rule[];

  /** @throws InvalidRuleError */
  constructor({ only, internal = [] }: OutgoingPolicy) {
    this.#only = only?.map(ruleOf) ?? null;
    this.#internal = internal.map(ruleOf);
  }

  /** What can be said before the name is looked up. @throws OutgoingError `ADDRESS_BLOCKED` */
  checkName({ host, port, literal }: Reached): void {
    if (this.#only?.every((rule) => !rule.ofAddresses && !rule.hasName(host, port))) throw notListed(host);
    if (!literal && isInsideName(host) && !this.#internal.some((rule) => rule.hasName(host, port)))
      throw blocked('name', `${host} is the name of something inside`);
  }

  /** Each of them has to be fine. @throws OutgoingError `ADDRESS_BLOCKED` */
  checkAddresses(target: Reached, addresses: readonly string[]): void {
    for (const address of addresses) this.#check(target, canonical(address));
  }

  #check({ host, port, usual = [] }: Reached, address: string): void {
    const isFor = (rule: Rule): boolean => rule.hasName(host, port) || rule.hasAddress(address, port);
    if (this.#only?.some(isFor) === false) throw notListed(host);
    const internal = this.#internal.filter(isFor);
    const reach = reachOf(address);
    if (reach === 'never' || (reach === 'internal' && internal.length === 0))
      throw blocked('address', `${host} may not be reached`);
    if (isDeniedPort(port) && !usual.includes(port) && !internal.some((rule) => rule.port === port))
      throw blocked('port', `port ${String(port)} of ${host} may not be reached`);
  }
}

const notListed = (host: string): OutgoingError =>
  blocked('not_listed', `${host} is not among the hosts that may be reached`);

interface Rule {
  port: number | null;
  ofAddresses: boolean;
  hasName(host: string, port: number): boolean;
  hasAddress(address: string, port: number): boolean;
}

function ruleOf(text: string): Rule {
  const rule = parseRule(text);
  const isPort = (port: number): boolean => rule.port === null || rule.port === port;
  const isIn = rule.kind === 'range' ? inRange(rule) : () => false;
  return {
    port: rule.port,
    ofAddresses: rule.kind === 'range',
    hasName: (host, port) => rule.kind === 'name' && isPort(port) && isNamed(rule.name, host),
    hasAddress: (address, port) => isPort(port) && isIn(address),
  };
}

const isNamed = (name: string, host: string): boolean =>
  name.startsWith('*.') ? host.endsWith(name.slice(1)) && host.length > name.length - 1 : host === name;

function inRange({ address, bits }: Extract<AllowRule, { kind: 'range' }>): (address: string) => boolean {
  const list = new BlockList();
  const familyOf = (each: string): 'ipv4' | 'ipv6' => (isIPv6(each) ? 'ipv6' : 'ipv4');
  list.addSubnet(address, bits, familyOf(address));
  return (each) => familyOf(each) === familyOf(address) && list.check(each, familyOf(each));
}
