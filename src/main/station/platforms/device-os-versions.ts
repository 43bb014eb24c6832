// Device OS releases and the version number that their system parts carry. It cannot be computed (6.3.4 is 6305, 4.0.2
// is 4006), so it is a table; what is not in it has no release name here, and the raw number is shown instead.

const releases: readonly (readonly [deviceOs: string, systemVersion: number])[] = [
  ['0.4.9', 11],
  ['0.5.0', 13],
  ['0.5.1', 15],
  ['0.5.2', 17],
  ['0.5.3', 21],
  ['0.5.4', 22],
  ['0.5.5', 23],
  ['0.6.0', 102],
  ['0.6.1', 105],
  ['0.6.2', 108],
  ['0.6.3', 109],
  ['0.6.4', 110],
  ['0.7.0', 207],
  ['0.8.0-rc.27', 326],
  ['0.9.0', 403],
  ['1.0.0', 1000],
  ['1.0.1', 1002],
  ['1.1.0', 1102],
  ['1.2.1', 1213],
  ['1.3.1', 1321],
  ['1.4.0', 1401],
  ['1.4.1', 1403],
  ['1.4.2', 1404],
  ['1.4.3', 1405],
  ['1.4.4', 1406],
  ['1.5.0', 1502],
  ['1.5.1', 1511],
  ['1.5.2', 1512],
  ['1.5.4-rc.1', 1514],
  ['2.0.0', 2008],
  ['2.0.1', 2011],
  ['2.1.0', 2101],
  ['2.2.0', 2202],
  ['2.3.1', 2302],
  ['3.0.0', 3005],
  ['3.1.0', 3103],
  ['3.2.0-rc.1', 3200],
  ['3.3.0', 3301],
  ['4.0.1', 4005],
  ['4.0.2', 4006],
  ['4.1.0', 4100],
  ['5.0.0', 5002],
  ['5.3.1', 5301],
  ['5.6.0', 5600],
  ['5.8.0', 5800],
  ['6.1.1', 6101],
  ['6.2.0', 6200],
  ['6.2.1', 6201],
  ['6.3.4', 6305],
]

const bySystemVersion = new Map(releases.map(([deviceOs, systemVersion]) => [systemVersion, deviceOs]))
const byRelease = new Map(releases)

/** "4.0.2" for system module version 4006; null when the table does not know the number. */
export function deviceOsOfSystem(systemVersion: number): string | null {
  return bySystemVersion.get(systemVersion) ?? null
}

/** 4006 for "4.0.2"; null when the table does not know the release. */
export function systemVersionOf(deviceOs: string): number | null {
  return byRelease.get(deviceOs) ?? null
}
