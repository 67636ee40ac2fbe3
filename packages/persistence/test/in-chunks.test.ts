import { describe, expect, it } from '@jest/globals';
import { inChunks } from '../src/artifacts/in-chunks.js';

async function* of(...sizes: number[]): AsyncGenerator<Uint8Array> {
  let next = 0;
  for (const size of sizes) yield Uint8Array.from({ length: size }, () => next++);
}

describe('inChunks', () => {
  it.each([
    { given: [], sizes: [] },
    { given: [0], sizes: [] },
    { given: [4], sizes: [4] },
    { given: [9], sizes: [4, 4, 1] },
    { given: [1, 1, 1, 1, 1], sizes: [4, 1] },
    { given: [3, 0, 6, 4], sizes: [4, 4, 4, 1] },
  ])('cuts $given to $sizes', async ({ given, sizes }) => {
    const chunks: Buffer[] = [];
    for await (const chunk of inChunks(of(...given), 4)) chunks.push(chunk);
    expect(chunks.map((one) => one.length)).toEqual(sizes);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect([...Buffer.concat(chunks)]).toEqual(Array.from({ length: total }, (_, i) => i));
  });
});
