// What a scenario is: a name, boards, and what happens; written once, run on every ground.
import type { Ground, GroundName } from './ground.ts'

export interface Scenario {
  readonly name: string
  /** How many boards of what kind take part, for the table. */
  readonly boards: string
  /** Grounds where it runs only when it is asked for by its title, with the reason. */
  readonly onDemandOn?: Readonly<Partial<Record<GroundName, string>>>
  run(stage: Stage): Promise<void>
}

export interface Stage {
  readonly ground: Ground
  /** A figure worth telling: goes into the table behind the scenario. */
  note(text: string): void
}
