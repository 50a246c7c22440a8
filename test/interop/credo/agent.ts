/** A Credo agent that needs nothing of the machine: records in memory, keys on `node:crypto`. */
import 'reflect-metadata'
import { EventEmitter } from 'node:events'
import {
  Agent,
  type AgentDependencies,
  ConsoleLogger,
  DependencyManager,
  type FileSystem,
  InjectionSymbols,
  Kms,
  LogLevel,
  type ModulesMap,
  StorageUpdateService,
  StorageVersionRecord,
} from '@credo-ts/core'
import { nodeKeys } from './keys.ts'
import { memoryStorage } from './storage.ts'

class NoFiles {
  readonly cachePath = '/nowhere'
  readonly dataPath = '/nowhere'
  readonly tempPath = '/nowhere'
}

export type CredoAgent = Agent

/** @param modules what it can do besides keeping keys */
export async function credoAgent<M extends ModulesMap>(modules: M) {
  const dependencies: AgentDependencies = {
    FileSystem: NoFiles as unknown as new () => FileSystem,
    EventEmitterClass: EventEmitter,
    fetch,
    WebSocketClass: WebSocket as never,
  }
  const manager = new DependencyManager()
  const storage = memoryStorage()
  manager.registerInstance(InjectionSymbols.StorageService, storage)
  const agent = new Agent(
    {
      config: {
        allowInsecureHttpUrls: true,
        logger: new ConsoleLogger(LogLevel.off),
      },
      dependencies,
      modules: { ...modules, kms: new Kms.KeyManagementModule({ backends: [nodeKeys()] }) },
    },
    manager,
  )
  // A store that was never used holds the newest records there are.
  const { frameworkStorageVersion: storageVersion } = StorageUpdateService
  await storage.save(agent.context, new StorageVersionRecord({ storageVersion }))
  await agent.initialize()
  return agent
}
