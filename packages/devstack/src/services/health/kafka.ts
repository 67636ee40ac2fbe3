import { talk } from './talk.js';

const METADATA = 3;

/** Metadata v1 about no topic: healthy once a broker is registered. */
export function kafkaIsHealthy(host: string, port: number): Promise<boolean> {
  const client = Buffer.from('agf');
  const request = Buffer.alloc(18 + client.length);
  let at = request.writeInt32BE(request.length - 4, 0);
  at = request.writeInt16BE(METADATA, at);
  at = request.writeInt16BE(1, at);
  at = request.writeInt32BE(1, at);
  at = request.writeInt16BE(client.length, at);
  at += client.copy(request, at);
  request.writeInt32BE(0, at);
  // size, correlation id, number of brokers
  return talk({ host, port }, request, (answer) => (answer.length < 12 ? undefined : answer.readInt32BE(8) > 0));
}
