"""Shapefile, GeoPackage and file geodatabase, read by pyogrio, which only the extra `city` brings."""

from pathlib import Path
from typing import Any

from siqian.kernel import sheets
from siqian.kernel.permits import BadInput, Refusal

from .features import as_geojson

# What a DBF without a .cpg may be written in; Chinese offices write GBK.
LETTERS = ("UTF-8", "GB18030")


def library(name: str) -> Any:
    """pyogrio, or BadInput that says how to get it."""
    try:
        import pyogrio
    except ImportError as error:
        raise BadInput(Refusal("{name}要用pyogrio读写，先装上：pip install 'siqian[city]'", field="file", name=name)) from error
    return pyogrio


def surveyed(
    path: Path, layer: str
) -> tuple[str, list[int], list[dict[str, Any]], list[dict[str, Any] | None], list[tuple[float, float] | None]]:
    """(what it says of its frame, row numbers from 1, properties, geometries, no points of columns) of one layer."""
    import shapely

    pyogrio = library(path.name)
    meta, table = _table(pyogrio, path, _layer(pyogrio, path, layer))
    shapes, columns = shapely.from_wkb(table[0]), table[1]
    names = [str(name) for name in meta["fields"]]
    rows = [{name: _value(value) for name, value in zip(names, values, strict=True)} for values in zip(*columns, strict=True)] or [
        {} for _ in shapes
    ]
    geometries = [None if shape is None else as_geojson(shape) for shape in shapes]
    return _declared(meta["crs"]), list(range(1, len(rows) + 1)), rows, geometries, [None] * len(rows)


def _layer(pyogrio: Any, path: Path, layer: str) -> str:
    """The layer to read: the one that is named, or the only one."""
    try:
        known = [str(name) for name, _ in pyogrio.list_layers(path)]
    except pyogrio.errors.DataSourceError as error:
        raise BadInput(Refusal("{name}打不开，重新导出一份再来", field="file", name=path.name)) from error
    if layer in known:
        return layer
    if layer or len(known) != 1:
        raise BadInput(Refusal("{name}里的图层有：{known}。加 --layer 写明哪一个", field="file", name=path.name, known="、".join(known)))
    return known[0]


def _table(pyogrio: Any, path: Path, layer: str) -> tuple[Any, Any]:
    """(what the layer says of itself, (geometries as WKB, columns)), in whichever letters it can be read."""
    told = path.suffix.lower() != ".shp" or path.with_suffix(".cpg").exists() or path.with_suffix(".CPG").exists()
    for letters in (None,) if told else LETTERS:
        try:
            meta, _, shapes, columns = pyogrio.raw.read(path, layer=layer, encoding=letters)
            return meta, (shapes, columns)
        except UnicodeDecodeError:
            continue
        except pyogrio.errors.DataSourceError as error:
            raise BadInput(Refusal("{name}打不开，重新导出一份再来", field="file", name=path.name)) from error
    raise BadInput(Refusal("{name}的文字编码认不出来，另存为UTF-8再导入", field="file", name=path.name))


def _declared(crs: str | None) -> str:
    """EPSG:4490 and the like; empty where the layer says nothing that has a number."""
    if not crs or crs.upper().startswith("EPSG:"):
        return crs or ""
    import pyproj

    number = pyproj.CRS.from_user_input(crs).to_epsg(min_confidence=60)
    return f"EPSG:{number}" if number else ""


def _value(value: Any) -> Any:
    """A cell as JSON can hold it."""
    if hasattr(value, "item"):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return None if value != value else int(value) if value.is_integer() else value
    return sheets.text(value)
