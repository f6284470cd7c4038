"""What the colours of a picture mean: the scale with its range, and the colours of NaN and ±Inf."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.colour_scale import NAN, NEGINF, POSINF, STEPS, ColourScale
from ckpt_viewer.ui.widgets.numbers import real_text, screen_count

_BAR, _GAP, _LINE = 16, 8, 20
_SPECIALS = ((NAN, "NaN"), (POSINF, "+Inf"), (NEGINF, "−Inf"))


class ColourBar(QWidget):
    """Stands right of a picture; a special value is listed only where the picture has it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = ColourScale.fitting(0, 1)
        self._specials: list[tuple[int, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Colour scale"))

    def set_scale(self, scale: ColourScale, nan: int = 0, posinf: int = 0, neginf: int = 0) -> None:
        """Show this scale; the counts are those of the whole slice."""
        self._scale = scale
        counts = zip(_SPECIALS, (nan, posinf, neginf), strict=True)
        self._specials = [
            (place, f"{name} {screen_count(count)}") for (place, name), count in counts if count
        ]
        said = [f"{real_text(scale.low, 4)} … {real_text(scale.high, 4)}, {scale.name}"]
        self.setAccessibleDescription("; ".join(said + [text for _, text in self._specials]))
        self.update()

    def legend(self) -> list[str]:
        """The entries below the bar."""
        return [text for _, text in self._specials]

    def sizeHint(self) -> QSize:
        return QSize(108, 160)

    def minimumSizeHint(self) -> QSize:
        return QSize(108, 52)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = theme.current()
        table = self._scale.table(colours)
        bar = QRectF(4, 10, _BAR, max(self.height() - 20 - _LINE * len(self._specials), 20))
        self._draw_bar(painter, bar, table[:STEPS])
        painter.setPen(QColor(colours.text))
        for part, text in self._labels(bar.height()):
            line = QRectF(
                bar.right() + _GAP, bar.bottom() - part * bar.height() - _LINE / 2, self.width(), _LINE
            )
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        for number, (place, text) in enumerate(self._specials):
            top = bar.bottom() + 10 + number * _LINE
            painter.fillRect(QRectF(bar.left(), top + 3, _BAR, _LINE - 8), QColor(*table[place].tolist()))
            line = QRectF(bar.right() + _GAP, top - 1, self.width(), _LINE)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _draw_bar(self, painter: QPainter, bar: QRectF, table: Array) -> None:
        column = np.ascontiguousarray(table[::-1])
        image = QImage(column.data, 1, len(column), 4, QImage.Format.Format_RGBA8888)
        painter.drawImage(bar, image)
        painter.setPen(QColor(theme.current().line))
        painter.drawRect(bar)

    def _labels(self, height: float) -> list[tuple[float, str]]:
        """Where on the bar, from 0 to 1, which number stands."""
        low, high = self._scale.low, self._scale.high
        if low == high:
            return [(0.5, real_text(low, 4))]
        middle = (0.25, 0.5, 0.75) if height > 160 else (0.5,) if height >= 2 * _LINE else ()
        parts = (0.0, *middle, 1.0)
        return [(part, real_text(_rounded(low * (1 - part) + high * part, low, high), 4)) for part in parts]


def _rounded(value: float, low: float, high: float) -> float:
    """Zero where only rounding errors are left of it."""
    return 0.0 if abs(value) < 1e-12 * max(abs(low), abs(high)) else value
