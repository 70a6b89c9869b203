"""Places: the areas of the grid, nested and versioned, the buildings in them, their units, and the address register.

Pillar 穷尽千方百计 (精细分格). Words: area 区域, block grid 片区/街区格, grid 网格, building grid 楼栋格, building 楼栋,
site 场所, unit 房屋, register 地址名册,
frame 坐标系, drawing 网格图 (planned for a day), gap 空地, sliver 细缝, overlap 重叠, nesting 嵌套.
"""
