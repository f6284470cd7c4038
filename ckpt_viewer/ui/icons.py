"""Icons drawn from `resources/icons`, in the colour of the theme's text."""

from functools import cache, lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ckpt_viewer import resources
from ckpt_viewer.ui import theme

SIZES = (16, 24, 32, 48)


def icon(name: str) -> QIcon:
    """The icon of this name for the theme in use; ask again when the palette changes."""
    colours = theme.current()
    return _drawn(name, colours.text, colours.muted, colours.accent_text)


def application_icon() -> QIcon:
    """The program's own, which keeps its colours."""
    return QIcon(str(resources.folder() / "icons" / "ckpt-viewer.svg"))


@lru_cache(maxsize=128)
def _drawn(name: str, normal: str, disabled: str, selected: str) -> QIcon:
    made = QIcon()
    for shape in _shapes(name):
        made.addPixmap(_in_colour(shape, normal))
        made.addPixmap(_in_colour(shape, disabled), QIcon.Mode.Disabled)
        made.addPixmap(_in_colour(shape, selected), QIcon.Mode.Selected)
    return made


@cache
def _shapes(name: str) -> tuple[QImage, ...]:
    """Kept for other colours: drawing them is most of the work."""
    source = QSvgRenderer(str(resources.folder() / "icons" / f"{name}.svg"))
    return tuple(_shape(source, size) for size in SIZES)


def _shape(source: QSvgRenderer, size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    source.render(painter)
    painter.end()
    return image


def _in_colour(shape: QImage, colour: str) -> QPixmap:
    """Dyeing what was drawn takes a tenth of drawing it again."""
    dyed = QPixmap.fromImage(shape)
    painter = QPainter(dyed)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(dyed.rect(), QColor(colour))
    painter.end()
    return dyed
