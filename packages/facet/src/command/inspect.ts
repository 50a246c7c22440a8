/** `facet inspect`: what stands in a token, and what two engines think of it. Nothing is fetched, kept or logged. */
import { open } from 'node:fs/promises'
import { systemClock } from '../clock.ts'
import { FacetError } from '../error.ts'
import { inspect as inspectToken } from '../inspect/inspection.ts'
import { readKeyFile } from '../inspect/issuer-key.ts'
import { tell } from '../inspect/tell.ts'
import { createOutput, type Terminal } from '../terminal/output.ts'
import { readArguments } from './arguments.ts'
import { syntax } from './syntax.ts'

/** Bytes: the largest token that is read anywhere, with some white space around it. */
const LONGEST = 4_259_840

/** A text that can be no file of anybody's: a token begins so, and in JSON form with a brace. */
const TOKEN = /^(?:[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_.~-]*$|\{)/

export async function inspect(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax.inspect)
  const keyFile = args.value('key')
  const key = keyFile === undefined ? undefined : await readKeyFile(keyFile)
  const text = await textOf(args.optionalWord, terminal)
  const now = systemClock.now()
  const inspection = await inspectToken(text, { now, ...(key === undefined ? {} : { key }) })
  const output = createOutput(terminal)
  if (args.switches.has('json')) output.line(JSON.stringify(inspection))
  else tell(inspection, now, output)
  return 0
}

async function textOf(word: string | undefined, { input, canAsk }: Terminal): Promise<string> {
  if (word !== undefined && TOKEN.test(word)) return word
  if (word === undefined && canAsk) {
    throw new FacetError(
      'usage',
      'This command needs a token, a file with one, or - and a token on its input',
    )
  }
  const text = (word === undefined || word === '-' ? await readAll(input) : await readTokenFile(word)).trim()
  if (text === '') throw new FacetError('file_unusable', 'There is no token in what was given')
  return text
}

/** @throws {FacetError} `file_unusable` */
async function readTokenFile(path: string): Promise<string> {
  try {
    const file = await open(path)
    try {
      return await readAll(file.createReadStream({ autoClose: false, end: LONGEST }))
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (cause instanceof FacetError) throw cause
    throw new FacetError('file_unusable', `${path} is no token, and no file that can be read`, { cause })
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > LONGEST) throw new FacetError('file_unusable', `A token has at most ${LONGEST} bytes`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}
