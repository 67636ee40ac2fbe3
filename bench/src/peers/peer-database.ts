import { randomUUID } from 'node:crypto';
import { testStack } from '@aumos/agf-testing';
import pg from 'pg';

/** A database of a peer's own, on the server that the platform uses. */
export interface PeerDatabase {
  url: string;
  drop(): Promise<void>;
}

async function asAdministrator(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: testStack().postgres });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export async function peerDatabase(peer: string): Promise<PeerDatabase> {
  const name = `bench_${peer}_${randomUUID().slice(0, 8)}`;
  await asAdministrator(`create database ${name}`);
  const url = new URL(testStack().postgres);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdministrator(`drop database ${name} with (force)`) };
}
