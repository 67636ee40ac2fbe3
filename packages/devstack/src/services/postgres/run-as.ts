import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command } from '../../process/launch.js';

/** PostgreSQL refuses to run as root, so root steps down for it. */
export interface RunAs {
  /** for people */
  who: string;
  /** who has to own the data folder, when not this process' user */
  owner?: { uid: number; gid: number };
  wrap: (program: string, args: readonly string[]) => Command;
}

interface User {
  name: string;
  uid: number;
  gid: number;
}

const users = (): User[] =>
  readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([name]) => name === 'postgres' || name === 'nobody')
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .sort((a, b) => b.name.localeCompare(a.name));

const succeeds = (program: string, args: string[], { uid, gid }: User): boolean =>
  spawnSync(program, args, { uid, gid, cwd: '/' }).status === 0;

const namespace: RunAs = {
  who: 'a user namespace',
  wrap: (program, args) => ({
    program: 'unshare',
    args: ['--user', '--map-user=65534', '--map-group=65534', program, ...args],
  }),
};

/**
 * The person's own user, unless that is root. Then `postgres` or `nobody`, whoever reaches programs and data; where a
 * folder above is closed to them, a user namespace in which root is nobody.
 */
export function runAs(bin: string, dataParent: string): RunAs {
  if (process.getuid?.() !== 0) return { who: 'this user', wrap: (program, args) => ({ program, args }) };
  const user = users().find(
    (each) => succeeds(join(bin, 'postgres'), ['--version'], each) && succeeds('test', ['-x', dataParent], each),
  );
  if (!user) return namespace;
  const { uid, gid } = user;
  return {
    who: user.name,
    owner: { uid, gid },
    wrap: (program, args) => ({ program, args, uid, gid, cwd: '/', env: { ...process.env, HOME: '/' } }),
  };
}
