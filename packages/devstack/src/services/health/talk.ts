import { connect } from 'node:net';

/**
 * Sends bytes to a server and looks at its answer.
 * @param judge given all bytes so far: true, false, or undefined to wait for more
 * @returns false too when it does not answer within `timeoutMs`
 */
export const talk = (
  { host, port, timeoutMs = 1500 }: { host: string; port: number; timeoutMs?: number },
  send: Buffer | string,
  judge: (answer: Buffer) => boolean | undefined,
): Promise<boolean> =>
  new Promise((resolve) => {
    let answer = Buffer.alloc(0);
    const socket = connect(port, host, () => socket.write(send));
    const finish = (verdict: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(verdict);
    };
    const timer = setTimeout(() => {
      finish(false);
    }, timeoutMs);
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      const verdict = judge(answer);
      if (verdict !== undefined) finish(verdict);
    });
    socket.on('error', () => {
      finish(false);
    });
    socket.on('close', () => {
      finish(false);
    });
  });
