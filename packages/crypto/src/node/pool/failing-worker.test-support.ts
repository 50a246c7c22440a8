/** A worker that doubles numbers, and fails in the way that it is told. */
import { serveTasks } from './serve.ts'

serveTasks((tasks: readonly (number | string)[]) =>
  tasks.map((task) => {
    if (task === 'die') process.exit(3)
    if (task === 'throw') throw new Error('told to')
    if (task === 'slow') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    return typeof task === 'number' ? task * 2 : task
  }),
)
