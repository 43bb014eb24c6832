// Release texts of Device OS by system module version: the version counter of the header is no release number.
// Independent of the tables of the station.

const releases: readonly (readonly [number, string])[] = [
  [1502, '1.5.0'],
  [1512, '1.5.2'],
  [2008, '2.0.0'],
  [2011, '2.0.1'],
  [2101, '2.1.0'],
  [2202, '2.2.0'],
  [2302, '2.3.1'],
  [3005, '3.0.0'],
  [3103, '3.1.0'],
  [3200, '3.2.0-rc.1'],
  [3301, '3.3.0'],
  [4005, '4.0.1'],
  [4006, '4.0.2'],
  [4100, '4.1.0'],
  [5002, '5.0.0'],
  [5301, '5.3.1'],
  [5600, '5.6.0'],
  [5800, '5.8.0'],
  [6101, '6.1.1'],
  [6200, '6.2.0'],
  [6201, '6.2.1'],
  [6305, '6.3.4'],
]

const texts = new Map(releases)

/** "4.0.2" for 4006. For a version not in the table, its digits: a board always says something. */
export function deviceOsText(systemModuleVersion: number): string {
  const known = texts.get(systemModuleVersion)
  if (known !== undefined) return known
  const major = Math.floor(systemModuleVersion / 1000)
  const minor = Math.floor((systemModuleVersion % 1000) / 100)
  return `${major}.${minor}.${systemModuleVersion % 100}`
}
