import { lookup as resolveName } from "node:dns";
import { BlockList, isIP, isIPv4, isIPv6, type LookupFunction } from "node:net";

/**
 * Where callbacks must not go: everything that IANA's registries of special-purpose addresses do not call globally reachable
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, .../iana-ipv6-special-registry), multicast, and the forms of
 * IPv6 in which an IPv4 address may hide.
 */
const REFUSED_IPV4 = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"],
  ...["192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24"],
  ...["198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"],
];
/** Of IPv6 only global unicast (2000::/3) is reachable at all; these are the parts of it that are special. */
const GLOBAL_IPV6 = "2000::/3";
const REFUSED_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"];

/** Refuses addresses inside networks that outsiders must not reach through us. */
export interface AddressGuard {
  /** Of an address without brackets. */
  isAllowed(address: string): boolean;
  /** For `net.connect`: resolves a name, checks each address, and hands on only what was checked; so no second look-up can differ. */
  readonly lookup: LookupFunction;
}

/** `code` is what Node puts on its own errors of connections. */
export class AddressRefusedError extends Error {
  override readonly name = "AddressRefusedError";
  readonly code = "ADDRESS_REFUSED";

  constructor(host: string) {
    super(
      `${host} is at an address that callbacks must not go to (private, loopback, link-local or otherwise special); ` +
        "--callback-allow (ACO_CALLBACK_ALLOW) of the worker and of the API can allow it",
    );
  }
}

/** `allowed`: networks as `10.0.0.0/8` or single addresses, to which callbacks may go all the same. */
export function createAddressGuard(allowed: readonly string[]): AddressGuard {
  const allow = listOf(allowed);
  const refused = listOf([...REFUSED_IPV4, ...REFUSED_IPV6]);
  const global = listOf([GLOBAL_IPV6]);
  const isAllowed = (given: string): boolean => {
    const address = plain(given);
    if (isIPv4(address)) return allow.check(address, "ipv4") || !refused.check(address, "ipv4");
    if (!isIPv6(address)) return false;
    if (allow.check(address, "ipv6")) return true;
    return global.check(address, "ipv6") && !refused.check(address, "ipv6");
  };
  return {
    isAllowed,
    lookup: (hostname, options, callback) => {
      resolveName(hostname, { ...options, all: true }, (error, addresses) => {
        if (error !== null) return callback(error, []);
        // One bad address among good ones is what a rebinding attack looks like: nothing of such a name is used.
        if (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address)))
          return callback(new AddressRefusedError(hostname), []);
        const [first] = addresses;
        if (options.all === true) return callback(null, addresses);
        return callback(null, first?.address ?? "", first?.family);
      });
    },
  };
}

/** Whether a text is an address or a network as `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  if (bits === -1 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}

/** The address in the host of a URL; undefined where it is a name. `URL` has already turned 0x7f.1 and its like into 127.0.0.1. */
export function addressIn(url: string): string | undefined {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(host) === 0 ? undefined : host;
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** `::ffff:10.0.0.1` is 10.0.0.1 to the system that connects to it; a zone (`%eth0`) says nothing of where it is. */
function plain(address: string): string {
  const bare = address.replace(/%.*$/, "");
  if (!isIPv6(bare)) return bare;
  const host = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, high = "", low = ""] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host) ?? [];
  if (high === "") return host;
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [first >> 8, first & 255, second >> 8, second & 255].join(".");
}
