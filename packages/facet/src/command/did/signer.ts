/** `facet signer serve`: keys in a process of their own. */
import { FacetError } from '../../error.ts'
import { openKeySource } from '../../identity/key-source.ts'
import { startSignerService } from '../../identity/signer-service.ts'
import { createErrorOutput, createOutput, type Terminal } from '../../terminal/output.ts'
import { sayingOf } from '../../terminal/saying.ts'
import { untilStopped } from '../../terminal/until-stopped.ts'
import { readArguments } from '../arguments.ts'
import { syntax } from '../syntax.ts'

const DEFAULT_DATA = '.facet/signer'

export async function signer(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [action, ...rest] = argv
  if (action !== 'serve') throw new FacetError('usage', 'facet signer takes: serve')
  const args = readArguments(rest, syntax['signer serve'])
  const { environment } = terminal
  const keys = await openKeySource(args.value('keys'), environment)
  if (keys === undefined)
    throw new FacetError('usage', 'facet signer serve needs --keys file:, keyring: or pkcs11:')
  const data = args.value('data') ?? DEFAULT_DATA
  const service = await startSignerService(data, keys, (error) =>
    createErrorOutput(terminal).line(`facet: ${sayingOf(error, environment)}`),
  )
  const output = createOutput(terminal)
  const stopped = untilStopped()
  if (args.switches.has('json')) output.line(JSON.stringify({ signer: data, keys: keys.name }))
  else {
    output.line(`signer: ${data}`)
    output.line(`Others sign with --keys signer:${data}`)
    output.line('Ctrl-C stops it.')
  }
  await stopped
  await service.close()
  if (!args.switches.has('json')) output.line('Stopped.')
  return 0
}
