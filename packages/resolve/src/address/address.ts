/**
 * Whether an address is one that is reached from everywhere, in whatever notation it is written.
 *
 * A peer chooses the addresses that we call, and must not choose what only we can reach: this machine,
 * the network it stands in, the cloud that it runs on (draft-ietf-oauth-sd-jwt-vc-19 §7.1). The blocks
 * are those of the IANA special-purpose registries (RFC 6890), read strictly: what is reserved for
 * tunnels and protocols that no peer's server lives behind is refused too.
 */

/** `restricted`: neither reached from everywhere nor this machine itself. */
export type Reach = 'global' | 'loopback' | 'restricted'

/**
 * The reach of a host that is an address; `undefined` when it is a name. What looks like a number and
 * cannot be read as an address is `restricted`: there is no such name, but some program may know it.
 *
 * @param host as in a URL, with or without brackets, or as a resolver gives it
 */
export function reachOf(host: string): Reach | undefined {
  const bare = host.replace(/^\[(.*)\]$/s, '$1')
  if (bare.includes(':')) return reachOfIpv6(bare)
  const name = bare.endsWith('.') ? bare.slice(0, -1) : bare
  if (!endsInNumber.test(name)) return undefined
  const ipv4 = readIpv4(name)
  return ipv4 === undefined ? 'restricted' : reachOfIpv4(ipv4)
}

/** As browsers decide it (URL Standard, "ends in a number"). */
const endsInNumber = /(?:^|\.)(?:[0-9]+|0[xX][0-9a-fA-F]*)$/

type Block = readonly [first: string, prefix: number]

const restrictedIpv4: readonly Block[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  // Shared by the customers of a carrier; one cloud keeps its metadata there.
  ['100.64.0.0', 10],
  // Link-local: other clouds keep their metadata there.
  ['169.254.0.0', 16],
  // And one at an address like any other.
  ['168.63.129.16', 32],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, reserved, and broadcast.
  ['224.0.0.0', 3],
]

const globalIpv6: Block = ['2000::', 3]

const restrictedIpv6: readonly Block[] = [
  // Protocol assignments: Teredo, which embeds IPv4 addresses, is one of them.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4 embeds IPv4 addresses.
  ['2002::', 16],
  ['3fff::', 20],
]

const mappedIpv4: Block = ['::ffff:0:0', 96]
/** In a network without IPv4 every IPv4 server is reached at such an address (RFC 6052). */
const nat64: Block = ['64:ff9b::', 96]

function reachOfIpv4(address: Groups): Reach {
  if (isIn(address, ['127.0.0.0', 8])) return 'loopback'
  return restrictedIpv4.some((block) => isIn(address, block)) ? 'restricted' : 'global'
}

function reachOfIpv6(text: string): Reach {
  // A zone says by which link of this machine: it makes no address more public.
  const address = readIpv6(text.replace(/%.*$/s, ''))
  if (address === undefined) return 'restricted'
  if (isIn(address, ['::1', 128])) return 'loopback'
  if (isIn(address, mappedIpv4)) return reachOfIpv4(address.slice(6))
  if (isIn(address, nat64)) return reachOfIpv4(address.slice(6)) === 'global' ? 'global' : 'restricted'
  const isGlobal = isIn(address, globalIpv6) && !restrictedIpv6.some((block) => isIn(address, block))
  return isGlobal ? 'global' : 'restricted'
}

/** Sixteen bits each: two for IPv4, eight for IPv6. */
type Groups = readonly number[]

/** One to four numbers, decimal, octal or hexadecimal, the last of which fills what is left. */
function readIpv4(text: string): Groups | undefined {
  const parts = text.split('.').map(readNumber)
  const last = parts.pop()
  if (last === undefined || parts.length > 3 || last >= 256 ** (4 - parts.length)) return undefined
  let value = last
  for (const [index, part] of parts.entries()) {
    if (part === undefined || part > 255) return undefined
    value += part * 256 ** (3 - index)
  }
  return [Math.floor(value / 65_536), value % 65_536]
}

function readNumber(text: string): number | undefined {
  const [, hexadecimal, octal, decimal] =
    /^(?:0[xX]([0-9a-fA-F]*)|0([0-7]+)|(0|[1-9][0-9]*))$/.exec(text) ?? []
  if (hexadecimal !== undefined) return Number.parseInt(`0${hexadecimal}`, 16)
  if (octal !== undefined) return Number.parseInt(octal, 8)
  return decimal === undefined ? undefined : Number(decimal)
}

/** RFC 4291 §2.2: eight groups, one run of zeros left out, the last two perhaps as an IPv4 address. */
function readIpv6(text: string): Groups | undefined {
  const dotted = /^(.*:)([0-9]+(?:\.[0-9]+){3})$/.exec(text)
  const tail = dotted?.[2] === undefined ? [] : readIpv4(dotted[2])
  if (tail === undefined) return undefined
  const head = dotted?.[1] ?? text
  const [front = '', back, ...more] = head.split('::')
  if (more.length > 0) return undefined
  const left = readGroups(back === undefined && tail.length > 0 ? front.slice(0, -1) : front)
  const right = readGroups(back !== undefined && tail.length > 0 ? back.replace(/:$/, '') : (back ?? ''))
  if (left === undefined || right === undefined) return undefined
  const missing = 8 - left.length - right.length - tail.length
  if (back === undefined ? missing !== 0 : missing < 1) return undefined
  return [...left, ...Array.from({ length: missing }, () => 0), ...right, ...tail]
}

function readGroups(text: string): Groups | undefined {
  if (text === '') return []
  const groups = text.split(':')
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined
}

function isIn(address: Groups, [first, prefix]: Block): boolean {
  const block = first.includes(':') ? readIpv6(first) : readIpv4(first)
  return address.every((group, index) => {
    const bits = Math.min(16, Math.max(0, prefix - index * 16))
    const mask = 0xffff & ~(0xffff >> bits)
    return (group & mask) === ((block?.[index] ?? 0) & mask)
  })
}
