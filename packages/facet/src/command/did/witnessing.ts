/** `facet did witness`: a witness looks at a change of somebody's did:webvh, and signs it. */
import { writeFile } from 'node:fs/promises'
import { writeBase64url } from '@facet-id/credential/base64url'
import { readText } from '../../config/sealed-key.ts'
import { FacetError } from '../../error.ts'
import { witnessHere } from '../../identity/managed-dids.ts'
import { answerFileOf, readWitnessQuestion } from '../../identity/witness-folder.ts'
import { askLine } from '../../terminal/asking.ts'
import { createOutput, type Terminal } from '../../terminal/output.ts'
import type { Arguments } from '../arguments.ts'
import { print } from '../operating.ts'
import { withDids } from './with-dids.ts'

/** @throws {FacetError} `file_unusable`, `did_not_kept`, `usage` when the person does not agree */
export async function signAsWitness(args: Arguments, terminal: Terminal): Promise<number> {
  const file = args.word()
  const question = readWitnessQuestion(await readText(file))
  const { witness, did, versionId, lines } = question
  const isJson = args.switches.has('json')
  if (!isJson) {
    const output = createOutput(terminal)
    output.line(`did: ${did}`)
    output.line(`version: ${versionId}`)
    output.line(`as: ${witness}`)
    for (const line of lines) output.line(`line: ${line}`)
  }
  if (
    !args.switches.has('yes') &&
    (await askLine(terminal, 'Sign this as its witness? Type "yes": ')) !== 'yes'
  )
    throw new FacetError('usage', 'Nothing was signed; --yes agrees without being asked')
  const signature = await withDids(args, terminal, (agent) => witnessHere(agent, question))
  if (signature === undefined)
    throw new FacetError('did_not_kept', 'The witness that is asked has no key in this data directory')
  const out = answerFileOf(file)
  try {
    await writeFile(out, `${writeBase64url(signature)}\n`)
  } catch (cause) {
    throw new FacetError('file_unusable', `The signature cannot be written: ${out}`, { cause })
  }
  print({ did, versionId, witness, signed: out }, isJson, terminal)
  return 0
}
