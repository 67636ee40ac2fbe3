import { createHash, randomBytes } from 'node:crypto';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Client, type Page, unique, vegaDataset } from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ARTIFACT_MAX_BYTES, as, world } from '../system.js';

interface Artifact {
  id: string;
  name: string;
  content_type: string;
  size: number;
  sha256: string;
  created_by: string;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const MIB = 1024 * 1024;

export function artifacts(): void {
  let developer: Client;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  beforeAll(async () => {
    developer = await as('acme-developer');
  });
  afterAll(() => {
    agent.destroy();
  });

  const upload = (name: string, headers: Record<string, string> = {}): ClientRequest =>
    request(developer.url(`/artifacts?name=${encodeURIComponent(name)}`), {
      method: 'POST',
      agent,
      headers: { authorization: `Bearer ${developer.token ?? ''}`, 'content-type': 'text/csv', ...headers },
    });
  const answered = (call: ClientRequest): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      call.once('response', resolve).once('error', reject);
    });
  /** On the one connection that the agent has. */
  const worksOn = async (): Promise<void> => {
    const call = request(developer.url('/artifacts?page_size=1'), {
      agent,
      headers: { authorization: `Bearer ${developer.token ?? ''}` },
    });
    const answer = answered(call);
    call.end();
    const response = await answer;
    await text(response);
    expect(response.statusCode).toBe(200);
  };
  const left = async (name: string): Promise<number> =>
    (await world().rows('select id from agf_artifacts where name = $1', [name])).length;

  it.each([
    ['a data set', 'text/csv; charset=utf-8', 'text/csv', Buffer.from(vegaDataset('birdstrikes.csv').csv)],
    ['bytes over several chunks', 'application/x-thing', 'application/x-thing', randomBytes(ARTIFACT_MAX_BYTES)],
    ['what says it is JSON and is not', 'application/json', 'application/json', Buffer.from('{"a":')],
    ['one byte', 'Application/Octet-Stream', 'application/octet-stream', Buffer.from([0])],
  ])('gives back %s as it came, and forgets it when told to', async (what, type, kept, content) => {
    const body = Uint8Array.from(content);
    const name = `${what} ü €.csv`;
    const posted = await developer.request<Artifact>('POST', `/artifacts?name=${encodeURIComponent(name)}`, {
      raw: { type, body },
    });
    const { id } = posted.body;
    expect(posted.status).toBe(201);
    expect(posted.headers.get('location')).toBe(`/api/v1/artifacts/${id}`);
    const known = {
      id,
      name,
      content_type: kept,
      size: body.length,
      sha256: sha256(body),
      created_by: 'acme-developer',
    };
    expect(posted.body).toMatchObject(known);
    expect((await developer.get<Artifact>(`/artifacts/${id}`)).body).toMatchObject(known);
    const listed = await developer.get<Page<Artifact>>(`/artifacts?name=${encodeURIComponent(name)}`);
    expect(listed.body.items.map((each) => each.id)).toContain(id);
    const answer = await fetch(developer.url(`/artifacts/${id}/content`), {
      headers: { authorization: `Bearer ${developer.token ?? ''}` },
    });
    const back = new Uint8Array(await answer.arrayBuffer());
    expect([back.length, sha256(back)]).toEqual([body.length, known.sha256]);
    expect(answer.headers.get('content-length')).toBe(String(body.length));
    expect(answer.headers.get('content-disposition')).toContain(encodeURIComponent(name));
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await developer.request('DELETE', `/artifacts/${id}`)).status).toBe(204);
    for (const path of [`/artifacts/${id}`, `/artifacts/${id}/content`])
      expect((await developer.get(path)).status).toBe(404);
    expect((await developer.request('DELETE', `/artifacts/${id}`)).status).toBe(404);
    expect(await world().rows('select from agf_artifact_chunks where artifact_id = $1', [id])).toEqual([]);
  });

  it('refuses one that says it is too large before it is sent', async () => {
    const name = unique('announced');
    const call = upload(name, { 'content-length': String(ARTIFACT_MAX_BYTES + 1) });
    const answer = answered(call);
    call.flushHeaders();
    const response = await answer;
    expect([response.statusCode, (JSON.parse(await text(response)) as { code: string }).code]).toEqual([
      413,
      'PAYLOAD_TOO_LARGE',
    ]);
    call.destroy();
    expect(await left(name)).toBe(0);
    await worksOn();
  });

  it('refuses one that turns out to be too large, and the caller reads why and goes on', async () => {
    const name = unique('streamed');
    const call = upload(name);
    const answer = answered(call);
    for (let sent = 0; sent <= ARTIFACT_MAX_BYTES; sent += MIB) call.write(Buffer.alloc(MIB, 'a,b\n'));
    call.end();
    const response = await answer;
    expect([response.statusCode, (JSON.parse(await text(response)) as { code: string }).code]).toEqual([
      413,
      'PAYLOAD_TOO_LARGE',
    ]);
    await eventually(async () => (await left(name)) === 0, 'nothing to be left of it');
    await worksOn();
  });

  it('keeps nothing of an upload that breaks off, and never shows it', async () => {
    const name = unique('aborted');
    const call = upload(name);
    call.on('error', () => undefined);
    call.write(Buffer.alloc(MIB + 1, 'a,b\n'));
    await eventually(async () => (await left(name)) === 1, 'the upload to begin');
    expect((await developer.get<Page<Artifact>>(`/artifacts?name=${name}`)).body.total).toBe(0);
    call.destroy();
    await eventually(async () => (await left(name)) === 0, 'nothing to be left of it');
    const orphans = await world().rows(
      'select from agf_artifact_chunks c where not exists (select from agf_artifacts a where a.id = c.artifact_id)',
    );
    expect(orphans).toEqual([]);
    await worksOn();
  });
}
