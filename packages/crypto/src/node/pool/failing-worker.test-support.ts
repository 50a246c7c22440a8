/** A worker that doubles numbers, and tells who it is or fails in the way that it is told. */
import { threadId } from 'node:worker_threads'
import { serveTasks } from './serve.ts'

serveTasks((tasks: readonly (number | string)[]) =>
  tasks.map((task) => {
    if (task === 'die') process.exit(3)
    if (task === 'throw') throw new Error('told to')
    if (task === 'slow') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    if (task === 'who') return threadId
    return typeof task === 'number' ? task * 2 : task
  }),
)
