/** The entries of our packages, as their manifests name them, and which of them suit a browser. */
import { manifestOf } from '../house/tree.ts'
import { published } from './tarballs.ts'

/** As it is imported: `@facet-id/credential/jose`. */
export type Entry = string

export function entriesOf(name: string): readonly Entry[] {
  const subpaths = Object.keys(manifestOf(`packages/${name}`).exports ?? {})
  return subpaths.map((subpath) => `@facet-id/${name}${subpath.slice(1)}`)
}

export const allEntries: readonly Entry[] = published.flatMap(entriesOf)

/**
 * Packages that are for Node although no entry of theirs says so. A test sees to it that each of them is still one
 * that a browser cannot take.
 */
export const notForBrowsers: Readonly<Record<string, string>> = {
  facet: 'the product: a command and services',
  level: 'a directory with its lock; a browser keeps its state by another adapter',
  veramo: 'the agent of a running node, and what its key manager brings',
}

/** Whether an entry says that it is for Node: `/node`, `/node/…`, `/worker`. */
const SAYS_NODE = /\/(?:node|worker)(?:\/|$)/

export const browserEntries: readonly Entry[] = published
  .filter((name) => !(name in notForBrowsers))
  .flatMap(entriesOf)
  .filter((entry) => !SAYS_NODE.test(entry))
