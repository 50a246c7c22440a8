/** The module of a worker that checks signatures: it serves, and exports nothing. */
import { checkSignatures } from '../verify.ts'
import { serveTasks } from './serve.ts'

serveTasks(checkSignatures)
