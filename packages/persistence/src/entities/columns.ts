import { type Json } from '@aumos/agf-domain';
import type { ValueTransformer } from 'typeorm';
import { storable } from '../json/storable.js';

/** `bigint` comes from the driver as text. Ours stay below 2^53. */
export const bigintAsNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};

/** Refuses what jsonb cannot hold before the database does, with an error that says so. */
export const checkedJson: ValueTransformer = {
  to: (value: Json | undefined) => (value === undefined || value === null ? value : storable(value)),
  from: (value: Json) => value,
};
