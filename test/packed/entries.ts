/** The entries of our packages, as their manifests name them, and which of them suit a browser. */
import { manifestOf } from '../house/tree.ts'
import { published } from './tarballs.ts'

/** As it is imported: `@facet-id/credential/jose`. */
export type Entry = string

function entriesOf(name: string): readonly Entry[] {
  const subpaths = Object.keys(manifestOf(`packages/${name}`).exports ?? {})
  return subpaths.map((subpath) => `@facet-id/${name}${subpath.slice(1)}`)
}

export const allEntries: readonly Entry[] = published.flatMap(entriesOf)

/**
 * Packages and entries that are for Node although their names do not say so. A test sees to it that each of them is
 * still one that a browser cannot take.
 */
export const notForBrowsers: Readonly<Record<Entry, string>> = {
  '@facet-id/facet': 'the product: a command and services',
  '@facet-id/http/express': 'a middleware on the requests of node:http',
  '@facet-id/http/fastify': 'a plugin on the requests of node:http',
  '@facet-id/level': 'a directory with its lock; a browser keeps its state by another adapter',
  '@facet-id/veramo': 'the agent of a running node, and what its key manager brings',
}

/**
 * Names of Node's globals that stand in the code of packages of others where no browser comes by: `pvtsutils` has base64
 * of its own for where there is no `btoa`. `test/bare-engine` reads certificates where there is neither.
 */
export const passedOver: Readonly<Record<string, readonly string[]>> = { pvtsutils: ['Buffer'] }

/** Whether an entry says that it is for Node: `/node`, `/node/…`, `/worker`. */
const SAYS_NODE = /\/(?:node|worker)(?:\/|$)/

export const browserEntries: readonly Entry[] = allEntries.filter(
  (entry) => !SAYS_NODE.test(entry) && !Object.keys(notForBrowsers).some((name) => isOf(entry, name)),
)

/** Whether an entry is that one, or one of that package. */
export function isOf(entry: Entry, name: string): boolean {
  return entry === name || entry.startsWith(`${name}/`)
}
