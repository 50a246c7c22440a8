/** `facet issuer …`: run an issuance node, and operate one that runs. */
import { FacetError } from '../error.ts'
import type { Terminal } from '../terminal/output.ts'
import { readArguments } from './arguments.ts'
import { check } from './issuer/check.ts'
import { approve, deny, resume, revoke, revokeGrant } from './issuer/decide.ts'
import { deferred, grants, list, notifications, status } from './issuer/look.ts'
import { offer } from './issuer/offer.ts'
import { serve } from './issuer/serve.ts'
import { syntax } from './syntax.ts'

const actions = {
  serve,
  check,
  offer,
  list,
  revoke,
  grants,
  'revoke-grant': revokeGrant,
  notifications,
  deferred,
  approve,
  deny,
  status,
  resume,
} as const

export async function issuer(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || !isAction(name))
    throw new FacetError('usage', `facet issuer takes: ${Object.keys(actions).join(', ')}`)
  return actions[name](readArguments(rest, syntax[`issuer ${name}`]), terminal)
}

function isAction(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name)
}
