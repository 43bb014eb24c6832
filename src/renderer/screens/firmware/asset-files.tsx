// Assets that a user firmware needs on the board: name, what they are, size and hash.
import type { TargetAsset } from '../../../shared/model/module.ts'
import { firmware } from '../../text/firmware.ts'
import { bytesText } from '../../text/format.ts'
import { recipeTexts } from '../../text/recipe.ts'
import { Hash } from '../../ui/hash.tsx'
import table from '../../ui/table.module.css'

export function AssetFiles({ assets }: { readonly assets: readonly TargetAsset[] }) {
  return (
    <table className={table['table']} aria-label={recipeTexts.assets}>
      <thead>
        <tr>
          <th scope="col">{recipeTexts.asset}</th>
          <th scope="col" className={table['number']}>
            {firmware.size}
          </th>
          <th scope="col">{firmware.hash}</th>
        </tr>
      </thead>
      <tbody>
        {assets.map((asset) => (
          <tr key={asset.sha256}>
            <th scope="row">
              {asset.name}
              {asset.type === 'env' && <span className={table['soft']}> {recipeTexts.env}</span>}
            </th>
            <td className={table['number']} title={`${asset.sizeBytes}`}>
              {bytesText(asset.sizeBytes)}
            </td>
            <td>
              <Hash sha256={asset.sha256} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
