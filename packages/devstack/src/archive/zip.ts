import { crc32, inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DEFLATED = 8;

/** The end record is the last 22 bytes, or a comment (≤ 64 KiB) earlier. */
function endOfDirectory(zip: Buffer): number {
  const first = Math.max(0, zip.length - 22 - 0xffff);
  for (let at = zip.length - 22; at >= first; at--) if (zip.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  throw new Error('not a zip file');
}

function content(zip: Buffer, entry: number): Buffer {
  const method = zip.readUInt16LE(entry + 10);
  const packed = zip.readUInt32LE(entry + 20);
  const local = zip.readUInt32LE(entry + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const raw = zip.subarray(start, start + packed);
  if (method !== 0 && method !== DEFLATED) throw new Error(`unknown zip method ${String(method)}`);
  const data = method === DEFLATED ? inflateRawSync(raw) : raw;
  if (crc32(data) !== zip.readUInt32LE(entry + 16)) throw new Error('damaged zip file: the checksum differs');
  return data;
}

/**
 * Reads one member of a zip file (a Python wheel is one), so that neither unzip nor Python is asked to.
 * @throws when no member's name matches, or it is damaged
 */
export function readZipMember(zip: Buffer, name: RegExp): Buffer {
  const end = endOfDirectory(zip);
  let entry = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(entry + 28);
    if (name.test(zip.toString('utf8', entry + 46, entry + 46 + nameLength))) return content(zip, entry);
    entry += 46 + nameLength + zip.readUInt16LE(entry + 30) + zip.readUInt16LE(entry + 32);
  }
  throw new Error(`no member of the zip file is named like ${String(name)}`);
}
