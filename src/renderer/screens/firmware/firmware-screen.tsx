// Firmware and recipe: what is flashed, and what it is made from.
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useAnswer } from '../../station/use-answer.ts'
import { firmware } from '../../text/firmware.ts'
import { FaultNotice } from '../frame/fault-notice.tsx'
import styles from './firmware-screen.module.css'
import { LibraryPart } from './library-part.tsx'
import { RecipesPart } from './recipes-part.tsx'

export function FirmwareScreen() {
  const library = useAnswer('listFirmware', {})
  const recipes = useAnswer('listRecipes', {})
  const fault = library.fault ?? recipes.fault
  const refresh = () => {
    library.refresh()
    recipes.refresh()
  }
  return (
    <Tabs className={styles['screen'] ?? ''}>
      <TabList className={styles['tabs'] ?? ''} aria-label={firmware.tabs}>
        <Tab id="recipes" className={styles['tab'] ?? ''}>
          {firmware.recipes}
        </Tab>
        <Tab id="library" className={styles['tab'] ?? ''}>
          {firmware.library}
        </Tab>
      </TabList>
      {fault !== null && <FaultNotice fault={fault} />}
      <TabPanel id="recipes" className={styles['panel'] ?? ''}>
        {recipes.value !== null && (
          <RecipesPart recipes={recipes.value} library={library.value} onChange={recipes.replace} onRefresh={refresh} />
        )}
      </TabPanel>
      <TabPanel id="library" className={styles['panel'] ?? ''}>
        <LibraryPart sets={library.value?.sets ?? null} onChange={refresh} />
      </TabPanel>
    </Tabs>
  )
}
