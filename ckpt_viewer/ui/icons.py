"""Icons drawn from `resources/icons`, in the colour of the theme's text."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
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
    source = (resources.folder() / "icons" / f"{name}.svg").read_text("utf-8")
    made = QIcon()
    for size in SIZES:
        made.addPixmap(_pixmap(source, normal, size))
        made.addPixmap(_pixmap(source, disabled, size), QIcon.Mode.Disabled)
        made.addPixmap(_pixmap(source, selected, size), QIcon.Mode.Selected)
    return made


def _pixmap(source: str, colour: str, size: int) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return QPixmap.fromImage(image)
