import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { ApprovalSettings } from '../config.js';

export interface Link {
  tenant_id: string;
  id: string;
  expires_at: Date;
}

const PURPOSE = 'agf decision link v1';
const UUID = 16;
const TIME = 6;
const MAC = 32;
const SIGNED = 2 * UUID + TIME;

/**
 * Tokens of links: whose, which one, until when, and a signature of that. A token gives no right to anything; who has
 * one signs in as everybody does.
 */
@Injectable()
export class LinkTokens {
  private readonly keys: readonly Buffer[];

  constructor(@Inject(SETTINGS) { secretsKey }: Pick<ApprovalSettings, 'secretsKey'>) {
    const given = secretsKey.reveal().split(',');
    // The first key signs, every key is good: as with what is sealed.
    this.keys = given.map((key) =>
      Buffer.from(hkdfSync('sha256', Buffer.from(key.trim(), 'base64'), '', PURPOSE, MAC)),
    );
  }

  sign({ tenant_id, id, expires_at }: Link): string {
    const signed = Buffer.alloc(SIGNED);
    signed.write(hexOf(tenant_id), 0, 'hex');
    signed.write(hexOf(id), UUID, 'hex');
    signed.writeUIntBE(Math.floor(expires_at.getTime() / 1_000), 2 * UUID, TIME);
    return Buffer.concat([signed, mac(this.keys[0]!, signed)]).toString('base64url');
  }

  /** Null for whatever this did not sign; its time may be over. */
  read(token: string): Link | null {
    const bytes = Buffer.from(token, 'base64url');
    // One token has one way to be written.
    if (bytes.length !== SIGNED + MAC || bytes.toString('base64url') !== token) return null;
    const signed = bytes.subarray(0, SIGNED);
    if (!this.keys.some((key) => timingSafeEqual(mac(key, signed), bytes.subarray(SIGNED)))) return null;
    return {
      tenant_id: uuidOf(signed.subarray(0, UUID)),
      id: uuidOf(signed.subarray(UUID, 2 * UUID)),
      expires_at: new Date(signed.readUIntBE(2 * UUID, TIME) * 1_000),
    };
  }
}

const mac = (key: Buffer, signed: Buffer): Buffer => createHmac('sha256', key).update(signed).digest();
const hexOf = (uuid: string): string => uuid.replaceAll('-', '');
const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
