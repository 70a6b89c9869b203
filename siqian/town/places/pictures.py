"""A picture of a fault's place as SVG, and a page of all of them: opens in any browser, no script, nothing fetched. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from siqian.kernel.permits import Refusal

from .checks import Fault
from .plane import plane_of

WIDE, HIGH, MARGIN = 480, 320, 24
# What is shown around the fault: more than twice its own reach, and never less than that.
AROUND, LEAST_AROUND_M = 2.4, 30.0
# Of the picture, in points: a fault that is ringed, a letter, a line.
SMALL, LETTER, LINE = 16, 7.0, 16.0
# Ground on which a code can stand, in square points.
SPOTS = 200
LINES = ("#1f5a8a", "#7a4a12", "#3d6b35", "#6b3d66")
SPOT, PAPER, INK = "#c8321e", "#faf8f3", "#26231f"
NICE = (1, 2, 5)
Say = Callable[[Refusal], str]

WORDS = {
    "register": "表格",
    "geometry": "图形",
    "duplicate": "重复",
    "nesting": "嵌套",
    "overlap": "重叠",
    "sliver": "细缝",
    "gap": "空地",
}


def picture(fault: Fault, shapes: Mapping[str, Any], say: Say) -> str:
    """The areas beside a fault, the fault in colour, a scale, the codes; empty for a fault that has no ground."""
    import shapely

    if fault.shape is None or fault.shape.is_empty:
        return ""
    plane = plane_of([fault.shape])
    spot = plane.flat(fault.shape)
    beside = {code: plane.flat(shapes[code]) for code in fault.beside if code in shapes}
    west, south, east, north = spot.bounds
    reach = max(AROUND * max(east - west, north - south), LEAST_AROUND_M) / 2
    middle = ((west + east) / 2, (south + north) / 2)
    scale = min((WIDE - 2 * MARGIN) / 2, (HIGH - 2 * MARGIN) / 2) / reach
    half = (WIDE / 2 / scale, HIGH / 2 / scale)
    window = shapely.box(middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1])
    view = _View(middle, scale)
    return "".join(_lines(fault, spot, beside, window, view, say))


class _View:
    """From metres on the plane to points of the picture."""

    def __init__(self, middle: tuple[float, float], scale: float) -> None:
        self.middle, self.scale = middle, scale

    def at(self, x: float, y: float) -> tuple[float, float]:
        return WIDE / 2 + (x - self.middle[0]) * self.scale, HIGH / 2 - (y - self.middle[1]) * self.scale

    def path(self, shape: Any) -> str:
        import shapely

        drawn = []
        for part in shapely.get_parts(shape):
            for ring in [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]:
                if ring.geom_type not in ("LinearRing", "LineString"):
                    continue
                points = " L".join(f"{x:.1f} {y:.1f}" for x, y in (self.at(*at[:2]) for at in ring.coords))
                drawn.append(f"M{points}")
        return " ".join(drawn)


def _lines(fault: Fault, spot: Any, beside: Mapping[str, Any], window: Any, view: _View, say: Say) -> Iterator[str]:
    label = escape(say(fault.why))
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" height="{HIGH}" role="img" '
    yield f'aria-label="{label}" font-family="sans-serif" font-size="12"><title>{label}</title>'
    yield f'<rect width="{WIDE}" height="{HIGH}" fill="{PAPER}"/>\n'
    for number, shape in enumerate(beside.values()):
        colour = LINES[number % len(LINES)]
        # The whole outline, cut by the picture's own edge, so that no false border is drawn there.
        yield _filled(view.path(shape), colour, 0.08, 1.5)
    if fault.kind != "geometry":
        yield _filled(view.path(spot), SPOT, 0.55, 2)
    yield from _names(spot, beside, window, view)
    x, y = view.at(*_middle(fault, spot))
    # What is small on the picture is ringed, so that nobody looks for it.
    west, south, east, north = spot.bounds
    if fault.kind == "geometry" or min(east - west, north - south) * view.scale < SMALL:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="none" stroke="{SPOT}" stroke-width="2"/>\n'
    yield from _scale_bar(view.scale)
    yield "</svg>\n"


def _filled(path: str, colour: str, opacity: float, width: float) -> str:
    return f'<path d="{path}" fill="{colour}" fill-opacity="{opacity}" fill-rule="evenodd" stroke="{colour}" stroke-width="{width}"/>\n'


def _middle(fault: Fault, spot: Any) -> tuple[float, float]:
    import shapely

    if fault.kind == "geometry" and fault.lon is not None:
        point = plane_of([fault.shape]).flat(shapely.Point(fault.lon, fault.lat))
    else:
        point = spot.representative_point()
    return point.x, point.y


def _names(spot: Any, beside: Mapping[str, Any], window: Any, view: _View) -> Iterator[str]:
    """Each code on ground of its own where there is some, else below what stands there already."""
    import shapely

    # An outline that crosses itself is all of the fault: its code stands on it.
    ground = spot if spot.is_valid else shapely.Polygon()
    seen = {code: shapely.make_valid(shape).intersection(window) for code, shape in beside.items()}
    taken: list[tuple[float, float, float]] = []
    for number, (code, shape) in enumerate(seen.items()):
        others = shapely.union_all([ground, *(other for at, other in seen.items() if at != code)])
        clear = next(
            (part for part in (shape.difference(others), shape.difference(ground), shape) if part.area * view.scale**2 > SPOTS), None
        )
        if clear is None:
            continue
        inside = max(shapely.get_parts(clear), key=lambda part: float(part.area)).representative_point()
        x, y = view.at(inside.x, inside.y)
        half = LETTER * len(code) / 2
        x, y = min(max(x, half + 4), WIDE - half - 4), min(max(y, 18), HIGH - 40)
        while any(abs(x - at) < half + wide and abs(y - line) < LINE for at, line, wide in taken):
            y += LINE
        taken.append((x, y, half))
        yield f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" fill="{LINES[number % len(LINES)]}" '
        yield f'stroke="{PAPER}" stroke-width="3" paint-order="stroke">{escape(code)}</text>\n'


def _scale_bar(scale: float) -> Iterator[str]:
    metres = next(step * 10**power for power in range(-2, 7) for step in NICE if step * 10**power * scale >= 60)
    long, words = metres * scale, f"{metres:g}米" if metres < 1000 else f"{metres / 1000:g}公里"
    yield f'<path d="M{MARGIN} {HIGH - 18} v6 h{long:.1f} v-6" fill="none" stroke="{INK}" stroke-width="1.5"/>'
    yield f'<text x="{MARGIN}" y="{HIGH - 22}" fill="{INK}">{words}</text>\n'


def report(name: str, faults: Sequence[Fault], shapes: Mapping[str, Any], say: Say) -> Iterator[str]:
    """A page of every fault with its picture, piece by piece."""
    title = f"{name}：{len(faults)}处要改"
    yield f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>\n<style>'
    yield f"body{{margin:2rem auto;max-width:60rem;padding:0 1rem;font:1rem/1.6 sans-serif;color:{INK};background:{PAPER}}}"
    yield "article{border-top:1px solid #cfc8ba;padding:1rem 0;display:flex;flex-wrap:wrap;gap:1rem}article>div{flex:1 1 18rem}"
    yield "svg{max-width:100%;height:auto;border:1px solid #cfc8ba}dt{font-weight:bold}"
    yield "dd{margin:0 0 .5rem}@media print{article{break-inside:avoid}}"
    yield f"</style></head>\n<body><main><h1>{escape(title)}</h1>\n"
    for fault in faults:
        yield f"<article><div><h2>{escape(say(fault.why))}</h2><dl>"
        yield f"<dt>怎么改</dt><dd>{escape(say(fault.repair))}</dd><dt>种类</dt><dd>{WORDS[fault.kind]}</dd>"
        if fault.lon is not None:
            yield f"<dt>位置（WGS-84）</dt><dd>{fault.lon:.6f}，{fault.lat:.6f}</dd>"
        if fault.area_m2:
            yield f"<dt>大小</dt><dd>{fault.area_m2:,.1f}平方米</dd>"
        yield f"</dl></div>{picture(fault, shapes, say)}</article>\n"
    yield "</main></body></html>\n"
