// The version of this software, as package.json has it: bundled builds and sources read the same file.
import packageFile from '../../package.json' with { type: 'json' }

export const softwareVersion: string = packageFile.version
