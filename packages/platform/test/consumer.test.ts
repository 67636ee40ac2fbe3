import { describe, expect, it } from '@jest/globals';
import { Controller, Logger, Module } from '@nestjs/common';
import { type CustomTransportStrategy, EventPattern, Payload, Server } from '@nestjs/microservices';
import { lastValueFrom, type Observable } from 'rxjs';
import { createService, defineSettings, serviceSettings, withLogFields } from '../src/index.js';

class Refused extends Error {}

@Controller()
class Consumer {
  private readonly log = new Logger('consumer');

  @EventPattern<string>('thing.made')
  made(@Payload() event: { id: string }): string {
    this.log.log('seen');
    if (event.id === 'bad') throw new Refused('original');
    return event.id;
  }
}

@Module({ controllers: [Consumer] })
class ConsumerModule {}

/** Hands events to their handlers and gives back what becomes of them. */
class DirectStrategy extends Server implements CustomTransportStrategy {
  state = 'made';
  listen(callback: () => void): void {
    this.state = 'listening';
    callback();
  }
  close(): void {
    this.state = 'closed';
  }
  check(): void {
    if (this.state === 'closed') throw new Error(this.state);
  }
  on(): never {
    throw new Error('not used');
  }
  unwrap(): never {
    throw new Error('not used');
  }
  async deliver(pattern: string, event: object): Promise<unknown> {
    const handler = this.getHandlerByPattern(pattern);
    return lastValueFrom(this.transformToObservable((await handler?.(event, {})) as Observable<unknown>));
  }
}

describe('a consumer of events', () => {
  it('needs no token, sees the original error, and is closed with the app', async () => {
    const strategy = new DirectStrategy();
    let log = '';
    const service = await createService({
      name: 'consumer',
      settings: defineSettings(serviceSettings),
      module: () => ConsumerModule,
      microservice: () => strategy,
      env: { AUMOS_AGF_PORT: '0' },
      logs: { write: (line: string) => void (log += line) },
    });
    expect(strategy.state).toBe('made');
    await service.listen();
    expect(strategy.state).toBe('listening');
    const fields = { event_id: 'e-1', tenant_id: 't-1' };
    expect(await withLogFields(fields, () => strategy.deliver('thing.made', { id: 'good' }))).toBe('good');
    await expect(strategy.deliver('thing.made', { id: 'bad' })).rejects.toBeInstanceOf(Refused);
    const line = log.split('\n').find((each) => each.includes('"seen"')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ ...fields, service: 'consumer', context: 'consumer' });
    await service.close();
    expect(strategy.state).toBe('closed');
  });
});
