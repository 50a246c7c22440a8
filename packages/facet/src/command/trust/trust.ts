/** `facet trust …`: authorities, lists, and why somebody is believed. */
import { FacetError } from '../../error.ts'
import type { Terminal } from '../../terminal/output.ts'
import { authority } from './authority.ts'
import { explain } from './explain.ts'
import { list } from './list.ts'
import { reload, show } from './show.ts'

export async function trust(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [action, ...rest] = argv
  switch (action) {
    case 'ca':
      return authority(rest, terminal)
    case 'list':
      return list(rest, terminal)
    case 'explain':
      return explain(rest, terminal)
    case 'show':
      return show(rest, terminal)
    case 'reload':
      return reload(rest, terminal)
    default:
      throw new FacetError('usage', 'facet trust takes: ca, list, show, reload, explain')
  }
}
