/** Ports that speak no HTTP, and might take one for a command. Source: WHATWG Fetch, "Port blocking". */
const BAD = [
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/** What runs a platform, and often asks nobody who they are: databases, queues, clusters, remote desktops. */
const INFRASTRUCTURE = [
  ...[1433, 1521, 3306, 5432, 6432, 5984, 6379, 6380, 7000, 7001, 8086, 9042, 11211, 26379, 27017, 27018, 27019, 50000],
  ...[2181, 4222, 5671, 5672, 7233, 9092, 9093, 9094, 15672, 61616],
  ...[445, 873, 2375, 2376, 2377, 2379, 2380, 3389, 5900, 5985, 5986, 6443, 8500, 8600, 10250, 10255, 10256],
];

const DENIED: ReadonlySet<number> = new Set([...BAD, ...INFRASTRUCTURE]);

export const isDeniedPort = (port: number): boolean => DENIED.has(port);
