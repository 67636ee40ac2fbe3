import { connect } from 'node:http2';

const SERVICE = Buffer.from('temporal.api.workflowservice.v1.WorkflowService');
const SERVING = 1;

/** grpc.health.v1.Health/Check: one message {1: service} → {1: status}, each behind a five byte frame header. */
export const temporalIsHealthy = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const client = connect(`http://${host}:${String(port)}`);
    const finish = (verdict: boolean): void => {
      clearTimeout(timer);
      client.destroy();
      resolve(verdict);
    };
    const fail = (): void => {
      finish(false);
    };
    const timer = setTimeout(fail, 1500);
    client.on('error', fail);
    const request = client.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const message = Buffer.concat([Buffer.from([0x0a, SERVICE.length]), SERVICE]);
    const header = Buffer.alloc(5);
    header.writeUInt32BE(message.length, 1);
    let answer = Buffer.alloc(0);
    request.on('data', (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
    });
    request.on('error', fail);
    request.on('end', () => {
      finish(answer.length >= 7 && answer[5] === 0x08 && answer[6] === SERVING);
    });
    request.end(Buffer.concat([header, message]));
  });
