/** Ways to a service that nobody named, in the order they are tried. */
const WAYS = ['installed', 'registry', 'compose'] as const;
export type WayName = (typeof WAYS)[number];

/** AGF_SERVICE_WAYS, such as `registry,compose`, leaves ways out: to try one, or to avoid an old program of the machine. */
export function isAllowed(way: WayName): boolean {
  const asked = process.env['AGF_SERVICE_WAYS'];
  return !asked || asked.split(',').includes(way);
}
