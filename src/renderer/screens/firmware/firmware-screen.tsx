// Firmware and recipe: what is flashed, and what it is made from.
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useAnswer } from '../../station/use-answer.ts'
import { firmware } from '../../text/firmware.ts'
import { imageTexts } from '../../text/images.ts'
import { packs as packTexts } from '../../text/packs.ts'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { PacksPart } from '../packs/packs-part.tsx'
import { usePacks } from '../packs/use-packs.ts'
import styles from './firmware-screen.module.css'
import { ImagesPart } from './images-part.tsx'
import { LibraryPart } from './library-part.tsx'
import { RecipesPart } from './recipes-part.tsx'

export function FirmwareScreen() {
  const library = useAnswer('listFirmware', {})
  const recipes = useAnswer('listRecipes', {})
  const packs = usePacks(() => refresh())
  const fault = library.fault ?? recipes.fault ?? packs.fault
  const refresh = () => {
    library.refresh()
    recipes.refresh()
  }
  return (
    <Tabs className={styles['screen'] ?? ''}>
      <PartTabs />
      {fault !== null && <FaultNotice fault={fault} />}
      <TabPanel id="recipes" className={styles['panel'] ?? ''}>
        {recipes.value !== null && (
          <RecipesPart recipes={recipes.value} library={library.value} onChange={recipes.replace} onRefresh={refresh} />
        )}
      </TabPanel>
      <TabPanel id="library" className={styles['panel'] ?? ''}>
        <LibraryPart library={library.value} onChange={refresh} />
      </TabPanel>
      <TabPanel id="images" className={styles['panel'] ?? ''}>
        <ImagesPart onChange={refresh} />
      </TabPanel>
      <TabPanel id="packs" className={styles['panel'] ?? ''}>
        {packs.view !== null && (
          <PacksPart
            view={packs.view}
            onRefresh={packs.refresh}
            onChange={(view) => {
              packs.replace(view)
              refresh()
            }}
          />
        )}
      </TabPanel>
    </Tabs>
  )
}

const parts = [
  { id: 'recipes', name: firmware.recipes },
  { id: 'library', name: firmware.library },
  { id: 'images', name: imageTexts.tab },
  { id: 'packs', name: packTexts.tab },
]

function PartTabs() {
  return (
    <TabList className={styles['tabs'] ?? ''} aria-label={firmware.tabs}>
      {parts.map(({ id, name }) => (
        <Tab key={id} id={id} className={styles['tab'] ?? ''}>
          {name}
        </Tab>
      ))}
    </TabList>
  )
}
