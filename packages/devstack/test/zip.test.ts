import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readZipMember } from '../src/archive/zip.js';

const STORED = 0;
const DEFLATED = 8;

/** A zip file as tools write them: local headers with data, the directory, the end record. */
function zipOf(members: { name: string; data: Buffer; method?: number }[], comment = ''): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data, method = DEFLATED } of members) {
    const packed = method === DEFLATED ? deflateRawSync(data) : data;
    const local = Buffer.alloc(30 + 4);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(4, 28); // an extra field, which the directory does not repeat
    const body = Buffer.concat([local.subarray(0, 30), Buffer.from(name), local.subarray(30), packed]);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(crc32(data), 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    bodies.push(body);
    directory.push(entry, Buffer.from(name));
    at += body.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...bodies, ...directory, end, Buffer.from(comment)]);
}

describe('readZipMember', () => {
  const data = Buffer.from('#!/bin/sh\necho a program\n'.repeat(50));
  const other = { name: 'pkg/README', data: Buffer.from('read me') };

  it('finds a member by its name, deflated or stored, behind others', () => {
    for (const method of [DEFLATED, STORED])
      expect(readZipMember(zipOf([other, { name: 'pkg/bin/server', data, method }]), /\/server$/)).toEqual(data);
  });

  it('finds the directory before a comment', () => {
    expect(readZipMember(zipOf([other], 'made by a tool'), /README/)).toEqual(other.data);
  });

  it('says so when no member matches, or it is no zip file', () => {
    expect(() => readZipMember(zipOf([other]), /\/server$/)).toThrow('no member');
    expect(() => readZipMember(Buffer.from('<html>not found</html>'), /x/)).toThrow('not a zip file');
  });

  it('refuses a damaged member', () => {
    const zip = zipOf([{ name: 'a', data, method: STORED }]);
    zip[40] = (zip[40] ?? 0) ^ 0xff;
    expect(() => readZipMember(zip, /a/)).toThrow('checksum');
  });
});
