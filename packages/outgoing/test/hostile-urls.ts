import { type BlockedReason } from '../src/outgoing-error.js';

/** `PORT` stands for the port of a server on loopback. */
export interface HostileUrl {
  url: string;
  why: string;
  reason: BlockedReason;
}

const each = (reason: BlockedReason, rows: [url: string, why: string][]): HostileUrl[] =>
  rows.map(([url, why]) => ({ url, why, reason }));

/** All reach the server on 127.0.0.1 once a policy opens it. */
export const LOOPBACK_IN_DISGUISE = each('address', [
  ['http://127.0.0.1:PORT/', 'plain'],
  ['HTTP://127.0.0.1:PORT/', 'the scheme in capitals'],
  ['http://127.1:PORT/', 'two parts'],
  ['http://127.0.1:PORT/', 'three parts'],
  ['http://2130706433:PORT/', 'decimal'],
  ['http://0x7f000001:PORT/', 'hexadecimal'],
  ['http://0x7F.0x0.0X0.0x1:PORT/', 'hexadecimal parts'],
  ['http://0x7f.1:PORT/', 'hexadecimal, two parts'],
  ['http://0177.0.0.1:PORT/', 'octal'],
  ['http://017700000001:PORT/', 'octal, one part'],
  ['http://0177.0x0.0.1:PORT/', 'octal, hexadecimal and decimal mixed'],
  ['http://127.000.000.001:PORT/', 'zeros in front'],
  ['http://0x000000007f000001:PORT/', 'zeros in front of a hexadecimal number'],
  ['http://127.0.0.1.:PORT/', 'a dot at the end'],
  ['http://2130706433.:PORT/', 'decimal with a dot at the end'],
  ['http://①②⑦.⓪.⓪.①:PORT/', 'digits in circles'],
  ['http://１２７.０.０.１:PORT/', 'full-width digits'],
  ['http://𝟏𝟐𝟕.𝟎.𝟎.𝟏:PORT/', 'mathematical digits'],
  ['http://127。0。0。1:PORT/', 'ideographic full stops'],
  ['http://127．0．0．1:PORT/', 'full-width full stops'],
  ['http://%31%32%37.0.0.1:PORT/', 'digits in percent-encoding'],
  ['http://127%2e0%2E0%2e1:PORT/', 'dots in percent-encoding'],
  ['http://1\u00ad27.0.0.1:PORT/', 'a soft hyphen inside'],
  ['http://127.0.0.\u200b1:PORT/', 'a space without width inside'],
  ['http:127.0.0.1:PORT/', 'no slashes'],
  ['http:/127.0.0.1:PORT/', 'one slash'],
  ['http:///127.0.0.1:PORT/', 'three slashes'],
  ['http://127.0.0.1:0PORT/', 'a port with a zero in front'],
  ['http://127.0.0.1:PORT#@example.com/', 'another host in the fragment'],
  ['http://127.0.0.1:PORT?@example.com/', 'another host in the query'],
  ['http://127.0.0.1:PORT/@example.com/', 'another host in the path'],
  ['http://[::ffff:127.0.0.1]:PORT/', 'IPv4 mapped into IPv6'],
  ['http://[::ffff:7f00:1]:PORT/', 'the same in hexadecimal'],
  ['http://[0:0:0:0:0:FFFF:7F00:0001]:PORT/', 'the same in full, in capitals'],
]);

/** By a name server that says 127.0.0.1 of every name, and reach the server there once a policy opens it. */
export const NAMES_THAT_LEAD_INSIDE = each('address', [
  ['http://inside.example:PORT/', 'a public name'],
  ['http://INSIDE.Example:PORT/', 'in capitals'],
  ['http://inside.example.:PORT/', 'with a dot at its end'],
  ['http://inside%2Eexample:PORT/', 'with a dot in percent-encoding'],
  ['http://ｉｎｓｉｄｅ.example:PORT/', 'in full-width letters'],
  ['http://bücher.example:PORT/', 'that becomes punycode'],
  ['http://127.0.0.1.nip.example:PORT/', 'that has the address in it'],
  ['http://a_b.example:PORT/', 'with an underscore'],
  ['http://inside:PORT/', 'of one label'],
]);

/** Blocked without a look at any name server; reach the server on 127.0.0.1 once a policy has their names. */
export const NAMES_OF_INSIDE = each('name', [
  ['http://localhost:PORT/', 'the machine itself'],
  ['http://LocalHost:PORT/', 'in mixed letters'],
  ['http://localhost.:PORT/', 'with a dot at its end'],
  ['http://ｌｏｃａｌｈｏｓｔ:PORT/', 'in full-width letters'],
  ['http://any.localhost:PORT/', 'below it'],
  ['http://localhost.localdomain:PORT/', 'as old hosts files have it'],
  ['http://printer.local:PORT/', 'multicast DNS'],
  ['http://metadata.google.internal:PORT/computeMetadata/v1/', "a cloud's metadata"],
  ['http://kubernetes.default.svc.cluster.local:PORT/', "a cluster's own"],
  ['http://router.home.arpa:PORT/', 'a home network'],
]);

/** No server is there: what lies next to each and is public is in the table of addresses. */
export const ADDRESSES_OF_INSIDE = each('address', [
  ['http://10.0.0.1/', 'private'],
  ['http://172.16.0.1/', 'private'],
  ['http://172.31.255.255/', 'private'],
  ['http://192.168.1.1/', 'private'],
  ['http://100.64.0.1/', 'shared by carriers'],
  ['http://169.254.169.254/latest/meta-data/', 'metadata'],
  ['http://2852039166/', 'metadata in decimal'],
  ['http://0xa9fea9fe/', 'metadata in hexadecimal'],
  ['http://0251.0376.0251.0376/', 'metadata in octal'],
  ['http://[::ffff:169.254.169.254]/', 'metadata mapped into IPv6'],
  ['http://[fd00:ec2::254]/', 'metadata on IPv6'],
  ['http://100.100.100.200/', 'metadata in a range of carriers'],
  ['http://168.63.129.16/', 'host services at a public address'],
  ['http://192.0.0.192/', 'metadata in a reserved range'],
  ['http://0.0.0.0/', 'unspecified, which connects to loopback'],
  ['http://0/', 'the same, short'],
  ['http://127.255.255.254/', 'the far end of loopback'],
  ['http://224.0.0.1/', 'multicast'],
  ['http://240.0.0.1/', 'reserved'],
  ['http://255.255.255.255/', 'broadcast'],
  ['http://198.18.0.1/', 'benchmarks'],
  ['http://192.0.2.1/', 'documentation'],
  ['http://198.51.100.1/', 'documentation'],
  ['http://203.0.113.1/', 'documentation'],
  ['http://192.88.99.1/', 'relays of 6to4'],
  ['http://[::]/', 'unspecified'],
  ['http://[::1]/', 'loopback'],
  ['http://[0:0:0:0:0:0:0:1]/', 'loopback in full'],
  ['http://[::0.0.0.1]/', 'loopback with a part of IPv4'],
  ['http://[fe80::1]/', 'of the link'],
  ['http://[fc00::1]/', 'unique local'],
  ['http://[fd12:3456::1]/', 'unique local'],
  ['http://[fec0::1]/', 'of the site, deprecated'],
  ['http://[ff02::1]/', 'multicast'],
  ['http://[::127.0.0.1]/', 'IPv4-compatible'],
  ['http://[::10.0.0.1]/', 'IPv4-compatible'],
  ['http://[64:ff9b::7f00:1]/', 'NAT64 with loopback inside'],
  ['http://[64:ff9b::169.254.169.254]/', 'NAT64 with metadata inside'],
  ['http://[64:ff9b:1::a00:1]/', "a network's own NAT64"],
  ['http://[::ffff:0:127.0.0.1]/', 'IPv4 translated'],
  ['http://[2002:7f00:1::1]/', '6to4 with loopback inside'],
  ['http://[2002:a9fe:a9fe::]/', '6to4 with metadata inside'],
  ['http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/', 'Teredo with loopback inside'],
  ['http://[2001:db8::1]/', 'documentation'],
  ['http://[3fff::1]/', 'documentation'],
  ['http://[2001:2::1]/', 'benchmarks'],
  ['http://[100::1]/', 'discarded'],
  ['http://[5f00::1]/', 'segment routing'],
  ['http://[4000::1]/', 'not given to anybody'],
]);

/** `http` is the harmless one. */
export const SCHEMES = each('scheme', [
  ['file:///etc/passwd', 'a file'],
  ['file://127.0.0.1/etc/passwd', 'a file of a host'],
  ['ftp://127.0.0.1:PORT/', 'another protocol'],
  ['gopher://127.0.0.1:PORT/_FLUSHALL', 'a protocol that sends any bytes'],
  ['dict://127.0.0.1:PORT/stat', 'another protocol'],
  ['ldap://127.0.0.1:PORT/', 'another protocol'],
  ['ws://127.0.0.1:PORT/', 'a socket'],
  ['data:text/html,hello', 'the answer in the URL'],
  ['javascript:fetch("//127.0.0.1:PORT")', 'a program'],
  ['blob:http://127.0.0.1:PORT/', 'http inside'],
  ['view-source:http://127.0.0.1:PORT/', 'http inside'],
  ['jar:http://127.0.0.1:PORT/!/', 'http inside'],
  ['http+unix://%2Fvar%2Frun%2Fdocker.sock/info', "a machine's socket"],
  ['httpx://127.0.0.1:PORT/', 'begins like http'],
]);

/** Without what is before the @ they are harmless. */
export const CREDENTIALS = each('credentials', [
  ['http://user:secret@127.0.0.1:PORT/', 'user and password'],
  ['http://user@127.0.0.1:PORT/', 'a user'],
  ['http://:secret@127.0.0.1:PORT/', 'a password'],
  ['http://@127.0.0.1:PORT/', 'neither'],
  ['http://:@127.0.0.1:PORT/', 'neither, with a colon'],
  ['http://example.com@127.0.0.1:PORT/', 'a host that is none'],
  ['http://example.com%2F@127.0.0.1:PORT/', 'a host and a path that are none'],
  ['http://a@b@127.0.0.1:PORT/', 'two of them'],
  ['http:user@127.0.0.1:PORT/', 'without slashes'],
  ['http:///user@127.0.0.1:PORT/', 'with three slashes'],
]);

/** Without the odd character, or with a number that is one, they are harmless. */
export const PARSER_TRICKS = each('url', [
  ['', 'nothing'],
  ['/path', 'a path alone'],
  ['//127.0.0.1:PORT/', 'no scheme'],
  ['127.0.0.1:PORT', 'no scheme'],
  ['http://', 'no host'],
  ['http://./', 'a dot alone'],
  [' http://127.0.0.1:PORT/', 'a space in front'],
  ['http://127.0.0.1:PORT/ ', 'a space behind'],
  ['ht\ntp://127.0.0.1:PORT/', 'a line end in the scheme'],
  ['http://127.0.\t0.1:PORT/', 'a tab in the host'],
  ['http://127.0.0.1:PORT/\r\nX-Injected: 1', 'a header in the path'],
  ['http://127.0.0.1:PORT\\@example.com/', 'a backslash that readers take for a slash, or not'],
  ['http:\\\\127.0.0.1:PORT\\', 'backslashes alone'],
  ['http://example.com\u0000.127.0.0.1:PORT/', 'an end of a C string'],
  ['http://127.0.0.1%00.example.com:PORT/', 'the same in percent-encoding'],
  ['http://[fe80::1%25lo]:PORT/', 'a zone'],
  ['http://[::1%lo]:PORT/', 'a zone, not encoded'],
  ['http://0x17f000001:PORT/', 'a number beyond 32 bits'],
  ['http://127.0.0.256:PORT/', 'a part beyond 8 bits'],
  ['http://127.0.0.0.1:PORT/', 'five parts'],
  ['http://127.0.0.1:65536/', 'a port beyond 16 bits'],
  ['http://127.0.0.1:-1/', 'a port below zero'],
  ['http://127.0.0.1:80:PORT/', 'two ports'],
  ['http://[::1/', 'an open bracket'],
  ['http://[127.0.0.1]:PORT/', 'IPv4 in brackets'],
  ['http://[v1.fe80]:PORT/', 'an address of a future version'],
  ['http://inside..example:PORT/', 'an empty label'],
  ['http://xn--a:PORT/', 'punycode that is none'],
  [`http://127.0.0.1:PORT/${'a'.repeat(9_000)}`, 'too long'],
]);

/** Reach what is there only when a rule names them. */
export const PORTS = each(
  'port',
  [22, 25, 53, 111, 389, 445, 2375, 2379, 3306, 5432, 6379, 7233, 9092, 10250, 11211, 27017].map((port) => [
    `http://127.0.0.1:${String(port)}/`,
    'a port of infrastructure',
  ]),
);
