import { expect, it } from '@jest/globals';
import { isTransient } from '../src/consumer/transient.js';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

it.each<[what: string, error: unknown]>([
  ['a refused connection', withCode('ECONNREFUSED')],
  ['a database that shuts down', withCode('57P01')],
  ['one that has no connection left', withCode('53300')],
  ['a deadlock', withCode('40P01')],
  ['a cut connection', new Error('Connection terminated unexpectedly')],
  ['one behind another error', new Error('query failed', { cause: withCode('08006') })],
  ['one of several', new AggregateError([withCode('ECONNREFUSED')])],
])('waits for %s', (_, error) => expect(isTransient(error)).toBe(true));

it.each<[what: string, error: unknown]>([
  ['a violated rule of the database', withCode('23505')],
  ['row-level security', withCode('42501')],
  ['a mistake of the handler', new TypeError('x is undefined')],
  ['what is no error', 'ECONNREFUSED'],
])('does not wait for %s', (_, error) => expect(isTransient(error)).toBe(false));
