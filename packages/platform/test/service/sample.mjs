import { request } from 'node:http';
import { promisify } from 'node:util';
import { Controller, Get, Logger, Module } from '@nestjs/common';
import { currentTraceparent, Public, runService, serviceSettings, withSpan } from '../../dist/index.js';

const sleep = promisify(setTimeout);

class SampleController {
  log = new Logger('sample');

  async slow() {
    this.log.log('slow begins');
    await sleep(Number(process.env.SLOW_MS ?? 300));
    return { done: true };
  }

  trace() {
    this.log.log('inside of the trace');
    return withSpan('work', undefined, () => ({ traceparent: currentTraceparent() }));
  }

  /** What another service is told when it is called from inside of a request. */
  async call() {
    const url = `http://127.0.0.1:${process.env.ECHO_PORT}/`;
    const headers = await new Promise((resolve, reject) => {
      request(url, (answer) => {
        let text = '';
        answer.on('data', (chunk) => (text += chunk)).on('end', () => resolve(JSON.parse(text)));
      })
        .on('error', reject)
        .end();
    });
    return { sent: headers.traceparent, here: currentTraceparent() };
  }

  crash() {
    setTimeout(() => {
      throw new Error('nobody catches this');
    });
    return {};
  }
}
for (const name of ['slow', 'trace', 'call', 'crash'])
  Get(name)(SampleController.prototype, name, Object.getOwnPropertyDescriptor(SampleController.prototype, name));
Public()(SampleController);
Controller('sample')(SampleController);

class SampleModule {}
Module({ controllers: [SampleController] })(SampleModule);

export const runSample = () => runService({ name: 'sample', settings: serviceSettings, module: () => SampleModule });
