#!/usr/bin/env node
// The command line of the station: one command, one exit code, one clear line for every refusal.
import { asFault } from '../../shared/fault/fault.ts'
import { softwareVersion } from '../software-version.ts'
import { type CommandLine, readCommandLine } from './arguments.ts'
import { listDevices } from './commands/devices.ts'
import { doctor } from './commands/doctor.ts'
import { firmware } from './commands/firmware.ts'
import { flash, verify } from './commands/flash.ts'
import { identifyBoards } from './commands/identify.ts'
import { images } from './commands/images.ts'
import { ledger } from './commands/ledger.ts'
import { pack } from './commands/pack.ts'
import { quirks } from './commands/quirks.ts'
import { demo, serve } from './commands/serve.ts'
import { lendBoards } from './commands/sim.ts'
import { upload } from './commands/upload.ts'
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts'
import { type Output, oneLine, openOutput, outliveReaders } from './output.ts'
import { usage } from './usage.ts'
import { UsageError } from './usage-error.ts'

type Command = (line: CommandLine, output: Output) => Promise<ExitCode>

const commands: Readonly<Record<string, Command>> = {
  devices: listDevices,
  identify: identifyBoards,
  firmware,
  images,
  flash,
  verify,
  upload,
  ledger,
  pack,
  serve,
  demo,
  sim: lendBoards,
  quirks,
  doctor,
  version: async (_, output) => {
    output.result({ version: softwareVersion }, softwareVersion)
    return exitCodes.ok
  },
}

async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    const line = readCommandLine(args)
    const output = openOutput(line.json)
    if (line.help) {
      await output.text(usage)
      return exitCodes.ok
    }
    const command = commands[line.words[0] ?? '']
    if (!command) throw new UsageError(`there is no command "${line.words[0]}"; --help lists them`)
    return await command(line, output)
  } catch (thrown) {
    return refuse(thrown)
  }
}

function refuse(thrown: unknown): ExitCode {
  if (thrown instanceof UsageError) {
    process.stderr.write(`${oneLine(thrown.message)}\n`)
    return exitCodes.badInput
  }
  const fault = asFault(thrown)
  const trace = fault.code === 'INTERNAL' ? `\n${fault.stack ?? ''}` : ''
  process.stderr.write(`${oneLine(fault.message)}${trace}\n`)
  return exitCodeOf(fault)
}

outliveReaders()
process.exitCode = await main(process.argv.slice(2))
