/** Ways to a service that nobody named; tried in this order. */
type WayName = 'installed' | 'registry' | 'compose';

/** AGF_SERVICE_WAYS, such as `registry,compose`, leaves ways out: to try one, or to avoid an old program of the machine. */
export function isAllowed(way: WayName): boolean {
  const asked = process.env['AGF_SERVICE_WAYS'];
  return !asked || asked.split(',').includes(way);
}
