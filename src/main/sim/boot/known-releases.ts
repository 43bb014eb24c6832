// Release texts of Device OS by system module version: the version counter of the header is no release number.
// Independent of the tables of the station.

const releases: readonly (readonly [number, string])[] = [
  [11, '0.4.9'],
  [13, '0.5.0'],
  [15, '0.5.1'],
  [17, '0.5.2'],
  [21, '0.5.3'],
  [22, '0.5.4'],
  [23, '0.5.5'],
  [102, '0.6.0'],
  [105, '0.6.1'],
  [108, '0.6.2'],
  [109, '0.6.3'],
  [110, '0.6.4'],
  [207, '0.7.0'],
  [326, '0.8.0-rc.27'],
  [403, '0.9.0'],
  [1000, '1.0.0'],
  [1002, '1.0.1'],
  [1102, '1.1.0'],
  [1213, '1.2.1'],
  [1321, '1.3.1'],
  [1401, '1.4.0'],
  [1403, '1.4.1'],
  [1404, '1.4.2'],
  [1405, '1.4.3'],
  [1406, '1.4.4'],
  [1502, '1.5.0'],
  [1511, '1.5.1'],
  [1512, '1.5.2'],
  [1514, '1.5.4-rc.1'],
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
