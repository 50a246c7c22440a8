/** `facet wallet card`: a credential as its type wishes it to be drawn. */
import type { SvgProperties } from '@facet-id/credential/type-metadata'
import { writeWhole } from '../config/sealed-key.ts'
import { FacetError } from '../error.ts'
import { languagesOf } from '../terminal/languages.ts'
import { createOutput } from '../terminal/output.ts'
import type { Arguments } from './arguments.ts'
import type { Action } from './wallet-actions.ts'

/** Without `--out` the picture is the output, and nothing else. */
export const card: Action = async (wallet, args, terminal) => {
  const credential = args.word()
  const language = args.value('language')
  const svg = await wallet.card(credential, {
    languages: [...(language === undefined ? [] : [language]), ...languagesOf(terminal)],
    ...wishOf(args),
  })
  const file = args.value('out')
  if (file === undefined) {
    if (args.switches.has('json')) createOutput(terminal).line(JSON.stringify({ credential, svg }))
    else terminal.out.write(`${svg}\n`)
    return 0
  }
  await writeCard(file, svg)
  if (args.switches.has('json')) createOutput(terminal).line(JSON.stringify({ credential, file }))
  else createOutput(terminal).line(`${file} has the card of ${credential}.`)
  return 0
}

function wishOf(args: Arguments): SvgProperties {
  const words = <Word extends string>(name: string, ...known: readonly Word[]): Word | undefined => {
    const said = args.value(name)
    const word = known.find((each) => each === said)
    if (said !== undefined && word === undefined)
      throw new FacetError('usage', `--${name} takes ${known.join(' or ')}`)
    return word
  }
  const scheme = words('color-scheme', 'light', 'dark')
  const contrast = words('contrast', 'normal', 'high')
  const orientation = words('orientation', 'portrait', 'landscape')
  return {
    ...(scheme === undefined ? {} : { color_scheme: scheme }),
    ...(contrast === undefined ? {} : { contrast }),
    ...(orientation === undefined ? {} : { orientation }),
  }
}

/** For its owner alone: there are claims on it. */
async function writeCard(file: string, svg: string): Promise<void> {
  try {
    await writeWhole(file, svg, 0o600)
  } catch (cause) {
    throw new FacetError('file_unusable', `${file} cannot be written`, { cause })
  }
}
