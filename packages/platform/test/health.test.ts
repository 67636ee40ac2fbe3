import { describe, expect, it } from '@jest/globals';
import { type Finding, HealthCheck, healthCheck, HealthRegistry } from '../src/index.js';
import { startSample } from './support/sample-service.js';

const up = (name: string): HealthCheck => healthCheck(name, () => Promise.resolve());
const down = (name: string, needed = true): HealthCheck =>
  healthCheck(
    name,
    () => Promise.reject(Object.assign(new Error('connect to postgres://u:p@db'), { code: 'ECONNREFUSED' })),
    { needed },
  );

class Lag extends HealthCheck {
  readonly name = 'relay';
  override readonly needed = false;
  check(): Finding {
    return { status: 'degraded', message: '12 events wait' };
  }
}

describe('health', () => {
  it.each<[string, HealthCheck[], string]>([
    ['nothing is needed', [], 'healthy'],
    ['all are up', [up('a'), up('b')], 'healthy'],
    ['a needed one is down', [up('a'), down('b')], 'unhealthy'],
    ['one that is not needed is down', [up('a'), down('b', false)], 'degraded'],
    ['one limps', [up('a'), new Lag()], 'degraded'],
    ['one limps and a needed one is down', [new Lag(), down('b')], 'unhealthy'],
  ])('%s', async (_what, checks, status) => {
    const registry = new HealthRegistry();
    for (const check of checks) registry.add(check);
    expect((await registry.look()).status).toBe(status);
  });

  it('one that does not answer counts as down after its time', async () => {
    const registry = new HealthRegistry();
    registry.add(healthCheck('kafka', () => new Promise(() => undefined), { timeoutMs: 20 }));
    const { status, components } = await registry.look();
    expect(status).toBe('unhealthy');
    expect(components['kafka']).toEqual({
      status: 'unhealthy',
      message: 'no answer within 20 ms',
      latency_ms: expect.any(Number),
    });
  });

  it('one that throws at once counts as down', async () => {
    const registry = new HealthRegistry();
    registry.add(
      healthCheck('x', () => {
        throw new Error('no');
      }),
    );
    expect((await registry.look()).components['x']).toMatchObject({ status: 'unhealthy', message: 'unreachable' });
  });

  it('two of one name are a mistake', () => {
    const registry = new HealthRegistry();
    registry.add(up('a'));
    expect(() => registry.add(up('a'))).toThrow('two health checks called a');
  });
});

describe('/live and /ready', () => {
  it('answer in the shape of the conventions, without what a driver says', async () => {
    const sample = await startSample();
    const health = sample.service.app.get(HealthRegistry);
    const get = async (path: string) => {
      const answer = await fetch(sample.url + path);
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    expect(await get('/live')).toEqual({ status: 200, body: { service: 'sample', status: 'alive' } });
    health.add(up('redis'));
    expect(await get('/ready')).toEqual({
      status: 200,
      body: {
        service: 'sample',
        version: '1.2.3',
        status: 'healthy',
        components: { redis: { status: 'healthy', message: 'ok', latency_ms: expect.any(Number) } },
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      },
    });
    health.add(down('postgres'));
    const { status, body } = await get('/ready');
    expect({ status, overall: body['status'] }).toEqual({ status: 503, overall: 'unhealthy' });
    expect(body['components']).toMatchObject({ postgres: { status: 'unhealthy', message: 'ECONNREFUSED' } });
    expect((await get('/live')).status).toBe(200);
    await sample.close();
  });

  it('are not ready while the app shuts down', async () => {
    const registry = new HealthRegistry();
    registry.drain();
    expect(await registry.look()).toMatchObject({
      status: 'unhealthy',
      components: { shutdown: { message: 'shutting down' } },
    });
  });
});
