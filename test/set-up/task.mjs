/** Stands for the task: tells its arguments, and with `wait` the signals that it gets; ends with code 7. */
const args = process.argv.slice(2)
console.log(JSON.stringify({ args, path: process.env.PATH }))
if (args.includes('wait')) {
  let signals = 0
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      console.log(`${signal} ${++signals}`)
      setTimeout(() => process.exit(7), 300)
    })
  }
  setTimeout(() => {}, 600_000)
  console.log('ready')
} else {
  process.exitCode = 7
}
