/** Imports each entry that is named on the command line, and prints how many names each has, as JSON. */
const counted = process.argv.slice(2).map(async (entry) => [entry, Object.keys(await import(entry)).length])
process.stdout.write(`${JSON.stringify(Object.fromEntries(await Promise.all(counted)))}\n`)
