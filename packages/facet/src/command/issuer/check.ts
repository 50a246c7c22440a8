/** `facet issuer check`: whether a node could be started so, and all that lacks for its profile. */
import { systemClock } from '../../clock.ts'
import { publicUrlOf } from '../../service/address.ts'
import { createOutput, type Terminal } from '../../terminal/output.ts'
import type { Arguments } from '../arguments.ts'
import { configuredOf } from './configured.ts'

/** Where a node in development mode would be: the port is not known before it is held. */
const LOOPBACK = 'http://127.0.0.1:1'

/** Exit code 0 only when nothing lacks. What the file names is read; nobody is called, and no data is needed. */
export async function check(args: Arguments, terminal: Terminal): Promise<number> {
  const { options, close } = await configuredOf(args, terminal)
  const development = args.switches.has('development')
  const publicUrl = args.value('public-url')
  try {
    const named = { development, ...(publicUrl === undefined ? {} : { publicUrl }) }
    const url = publicUrlOf(named) ?? LOOPBACK
    const { checkPersons } = await import('../../service/issuance-node.ts')
    checkPersons({ ...options, development })
    const { checkIssuing } = await import('../../issuing/check.ts')
    const { configurationIds, haipGaps } = await checkIssuing(options, {
      url,
      development,
      clock: systemClock,
    })
    const { profile = 'none', shownCredential: shown } = options
    const lacking = profile === 'haip' ? haipGaps : []
    const output = createOutput(terminal)
    if (args.switches.has('json')) {
      const persons =
        shown === undefined
          ? {}
          : { persons: { by: 'presentation', vct: shown.vct, issuer: shown.issuer, subject: shown.subject } }
      output.line(JSON.stringify({ profile, configurations: configurationIds, ...persons, lacking }))
    } else {
      output.line(`It would issue: ${configurationIds.join(', ')}`)
      if (shown !== undefined)
        output.line(
          `Persons would show ${shown.vct} of ${shown.issuer}; its ${shown.subject.join('.')} says who they are.`,
        )
      if (profile === 'haip')
        output.line(lacking.length === 0 ? 'Nothing lacks for HAIP.' : 'For HAIP it must be such that:')
      for (const gap of lacking) output.bad(gap)
    }
    return lacking.length === 0 ? 0 : 1
  } finally {
    close()
  }
}
