import { create, ScalarType, type DescField, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { type Json, type JsonObject } from '@aumos/agf-domain';
import { EventEncodingError } from './errors.js';

const ENVELOPE = 'envelope';
const payloadFields = (schema: DescMessage): DescField[] => schema.fields.filter((field) => field.name !== ENVELOPE);
const isOptional = (field: DescField): boolean => field.proto.proto3Optional;

/**
 * The message of snake_case `data`, its envelope not yet set.
 * @throws EventEncodingError on an unknown, missing or wrongly typed member; null counts as missing
 */
export function payloadFromData<D extends DescMessage>(schema: D, data: JsonObject): MessageShape<D> {
  const message = create(schema);
  const target = message as Record<string, unknown>;
  const unknown = new Set(Object.keys(data));
  for (const field of payloadFields(schema)) {
    unknown.delete(field.name);
    const value = Object.hasOwn(data, field.name) ? data[field.name] : undefined;
    if (value !== undefined && value !== null) target[field.localName] = scalarFromJson(field, value);
    else if (!isOptional(field)) throw new EventEncodingError(`${schema.name}: ${field.name} is missing`);
  }
  if (unknown.size) throw new EventEncodingError(`${schema.name}: unknown member ${[...unknown].join(', ')}`);
  return message;
}

/** The inverse: snake_case members, absent optional ones left out, 64-bit numbers as numbers. */
export function dataFromPayload(schema: DescMessage, message: MessageShape<DescMessage>): JsonObject {
  const data: JsonObject = {};
  for (const field of payloadFields(schema)) {
    const value = (message as unknown as Record<string, string | number | bigint | undefined>)[field.localName];
    if (value !== undefined) data[field.name] = typeof value === 'bigint' ? Number(value) : value;
  }
  return data;
}

function scalarFromJson(field: DescField, value: Json): string | number | bigint {
  if (field.scalar === ScalarType.STRING && typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) {
    if (field.scalar === ScalarType.UINT64) return BigInt(value);
    if (field.scalar === ScalarType.UINT32 && value < 2 ** 32) return value;
  }
  const kind = field.scalar === undefined ? field.fieldKind : ScalarType[field.scalar].toLowerCase();
  throw new EventEncodingError(`${field.parent.name}: ${field.name} must be a ${kind}`);
}
