/** A worker that judges whole presentations: text in, verdict out. */
import { checkSignatures, serveTasks } from '@facet-id/crypto/node'
import { judgeAtOnce } from './presentations.ts'

serveTasks((presentations: readonly string[]) =>
  presentations.map((compact) => judgeAtOnce(compact, checkSignatures)),
)
